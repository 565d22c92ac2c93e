using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Swim.Core.Workflows.Documents;

namespace Swim.Node.Documents;

/// <summary>
/// What a plain (unquoted) scalar means: the core schema of YAML 1.2.2, section 10.3.2. So <c>yes</c>, <c>NO</c>, <c>1_000</c>,
/// <c>12:30</c> and dates are strings.
/// </summary>
internal static partial class YamlScalar
{
    private static readonly string[] Nulls = ["", "~", "null", "Null", "NULL"];
    private static readonly string[] Trues = ["true", "True", "TRUE"];
    private static readonly string[] Falses = ["false", "False", "FALSE"];

    /// <summary>The value; null for a number that JSON cannot hold, with the reason.</summary>
    public static DocumentNode? Resolve(string text, int line, int column, out string fault)
    {
        fault = "";
        if (Nulls.Contains(text)) return DocumentNode.Null(line, column);
        if (Trues.Contains(text)) return DocumentNode.Boolean(true, line, column);
        if (Falses.Contains(text)) return DocumentNode.Boolean(false, line, column);
        if (NotFinite().IsMatch(text)) return Fail("JSON has no such number", out fault);
        if (!Decimal().IsMatch(text) && !Radix().IsMatch(text)) return DocumentNode.Text(text, line, column);
        return JsonNumber.TryParse(ToJson(text), out var number)
            ? DocumentNode.Number(number, line, column)
            : Fail($"this number has more than {JsonNumber.DigitsMax} digits or lies outside 1e-{JsonNumber.MagnitudeMax}..1e{JsonNumber.MagnitudeMax}", out fault);
    }

    // JSON allows no plus sign, no leading zeros, no bare point and no other radix.
    private static string ToJson(string text)
    {
        if (text.Length > JsonNumber.DigitsMax) return text;
        if (Radix().IsMatch(text)) return RadixValue(text).ToString(CultureInfo.InvariantCulture);
        var match = Decimal().Match(text);
        var whole = match.Groups["whole"].Value.TrimStart('0');
        var fraction = match.Groups["fraction"].Value;
        return $"{(text[0] == '-' ? "-" : "")}{(whole.Length == 0 ? "0" : whole)}{(fraction.Length == 0 ? "" : "." + fraction)}{match.Groups["exponent"].Value}";
    }

    private static BigInteger RadixValue(string text)
    {
        var radix = text[1] == 'x' ? 16 : 8;
        var value = BigInteger.Zero;
        foreach (var digit in text.AsSpan(2)) value = value * radix + Convert.ToInt32(digit.ToString(), 16);
        return value;
    }

    private static DocumentNode? Fail(string why, out string fault)
    {
        fault = why;
        return null;
    }

    [GeneratedRegex(@"^[-+]?((?<whole>[0-9]+)(\.(?<fraction>[0-9]*))?|\.(?<fraction>[0-9]+))(?<exponent>[eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(0o[0-7]+|0x[0-9a-fA-F]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Radix();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex NotFinite();
}
