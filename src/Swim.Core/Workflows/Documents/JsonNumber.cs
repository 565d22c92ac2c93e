using System.Globalization;
using System.Numerics;

namespace Swim.Core.Workflows.Documents;

/// <summary>
/// A JSON number as its exact decimal value, <c>Coefficient × 10^Exponent</c>, never rounded through a binary float.
/// Normal form: the coefficient does not end in 0, and zero (also -0) has exponent 0; so equal values are equal structs.
/// The text form is the layout of ECMAScript's Number::toString (ECMA-262 section 6.1.6.1.20) applied to the exact digits:
/// plain up to 21 digits before the point and 6 zeros after it, else with an exponent.
/// </summary>
public readonly record struct JsonNumber
{
    /// <summary>Longest text that is read, and most digits a value may have.</summary>
    public const int DigitsMax = 400;

    /// <summary>A value must be smaller than 10 to the power of this, and not finer than its negative.</summary>
    public const int MagnitudeMax = 308;

    private JsonNumber(BigInteger coefficient, int exponent) => (Coefficient, Exponent) = (coefficient, exponent);

    /// <summary>The digits with their sign.</summary>
    public BigInteger Coefficient { get; }

    /// <summary>Power of ten.</summary>
    public int Exponent { get; }

    /// <summary>Zero.</summary>
    public static JsonNumber Zero => default;

    /// <summary>True when there is no fraction.</summary>
    public bool IsInteger => Exponent >= 0;

    /// <summary>Reads JSON's number syntax; false when <paramref name="text"/> is something else, too long, or out of range.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JsonNumber number)
    {
        number = default;
        if (text.Length is 0 or > DigitsMax) return false;
        var at = text[0] == '-' ? 1 : 0;
        var whole = CountDigits(text[at..]);
        if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
        var end = at + whole;
        var fraction = 0;
        if (end < text.Length && text[end] == '.')
        {
            fraction = CountDigits(text[(end + 1)..]);
            if (fraction == 0) return false;
        }
        var digits = string.Concat(text[..end], fraction == 0 ? default : text.Slice(end + 1, fraction));
        if (!TryParseExponent(text[(fraction == 0 ? end : end + 1 + fraction)..], out var exponent)) return false;
        return TryCreate(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent - fraction, out number);
    }

    /// <summary>The exact sum; false when it leaves the range of <see cref="MagnitudeMax"/> or has too many digits.</summary>
    public static bool TryAdd(JsonNumber left, JsonNumber right, out JsonNumber sum)
    {
        var exponent = Math.Min(left.Exponent, right.Exponent);
        return TryCreate(left.Scale(exponent) + right.Scale(exponent), exponent, out sum);
    }

    /// <summary>The value if it is an integer that fits.</summary>
    public bool TryGetInt64(out long value)
    {
        value = 0;
        if (!IsInteger || Exponent > 18) return false;
        var scaled = Scale(0);
        if (scaled < long.MinValue || scaled > long.MaxValue) return false;
        value = (long)scaled;
        return true;
    }

    /// <summary>The canonical text: the same for every way to write the value.</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(Coefficient).ToString(CultureInfo.InvariantCulture);
        return Coefficient.Sign < 0 ? "-" + Layout(digits, digits.Length + Exponent) : Layout(digits, digits.Length + Exponent);
    }

    private static string Layout(string digits, int point) => point switch
    {
        _ when point >= digits.Length && point <= 21 => digits.PadRight(point, '0'),
        > 0 and <= 21 => string.Concat(digits.AsSpan(0, point), ".", digits.AsSpan(point)),
        > -6 and <= 0 => "0." + new string('0', -point) + digits,
        _ => WithExponent(digits, point - 1),
    };

    private static string WithExponent(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : string.Concat(digits.AsSpan(0, 1), ".", digits.AsSpan(1));
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}");
    }

    private static bool TryCreate(BigInteger coefficient, int exponent, out JsonNumber number)
    {
        number = default;
        if (coefficient.IsZero) return true;
        while (true)
        {
            var shorter = BigInteger.DivRem(coefficient, 10, out var rest);
            if (!rest.IsZero) break;
            (coefficient, exponent) = (shorter, exponent + 1);
        }
        var digits = BigInteger.Abs(coefficient).ToString(CultureInfo.InvariantCulture).Length;
        if (digits > DigitsMax || digits + exponent > MagnitudeMax || exponent < -MagnitudeMax) return false;
        number = new JsonNumber(coefficient, exponent);
        return true;
    }

    private static bool TryParseExponent(ReadOnlySpan<char> text, out int exponent)
    {
        exponent = 0;
        if (text.IsEmpty) return true;
        if (text[0] is not ('e' or 'E')) return false;
        text = text[1..];
        var sign = !text.IsEmpty && text[0] is '+' or '-' ? 1 : 0;
        // Nine digits cannot overflow an int together with the length of the text; anything longer is out of range anyway.
        if (text.Length - sign is 0 or > 9 || CountDigits(text[sign..]) != text.Length - sign) return false;
        exponent = int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return true;
    }

    private static int CountDigits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    private BigInteger Scale(int exponent) => Coefficient * BigInteger.Pow(10, Exponent - exponent);
}
