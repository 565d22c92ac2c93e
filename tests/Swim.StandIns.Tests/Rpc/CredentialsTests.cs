using Grpc.Core;
using Xunit;

namespace Swim.StandIns.Tests.Rpc;

public sealed class CredentialsTests
{
    private static readonly CallCredentials First = CallCredentials.FromInterceptor((_, metadata) => Say(metadata, "first"));
    private static readonly CallCredentials Second = CallCredentials.FromInterceptor((_, metadata) => Say(metadata, "second"));

    [Fact]
    public async Task Composed_call_credentials_are_asked_in_order()
    {
        var headers = new Metadata();

        foreach (var interceptor in InterceptorsOf(CallCredentials.Compose(First, Second)))
            await interceptor(new AuthInterceptorContext("https://localhost/s", "m"), headers);

        Assert.Equal(["first", "second"], headers.GetAll("who").Select(entry => entry.Value));
    }

    [Fact]
    public void Fewer_than_two_are_not_composed()
    {
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(First));
        Assert.Throws<ArgumentNullException>(() => CallCredentials.FromInterceptor(null!));
    }

    [Fact]
    public void Only_encrypted_channels_carry_call_credentials()
    {
        Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, First));

        var seen = new ChannelParts();
        ChannelCredentials.Create(ChannelCredentials.SecureSsl, First).InternalPopulateConfiguration(seen, seen);
        Assert.Same(ChannelCredentials.SecureSsl, seen.Channel);
        Assert.Same(First, seen.Call);
    }

    [Fact]
    public void Tls_credentials_tell_their_roots_and_certificate()
    {
        var pair = new KeyCertificatePair("chain", "key");
        var seen = new ChannelParts();

        new SslCredentials("roots", pair).InternalPopulateConfiguration(seen, seen);

        Assert.Equal("roots", seen.Roots);
        Assert.Same(pair, seen.Pair);
    }

    [Fact]
    public void A_peer_is_known_by_the_properties_its_identity_names()
    {
        var name = AuthProperty.Create("name", "node-1"u8.ToArray());
        var other = AuthProperty.Create("other", "x"u8.ToArray());
        var properties = new Dictionary<string, List<AuthProperty>> { ["name"] = [name], ["other"] = [other] };

        var known = new AuthContext("name", properties);
        var unknown = new AuthContext(null, properties);

        Assert.True(known.IsPeerAuthenticated);
        Assert.Equal(["node-1"], known.PeerIdentity.Select(property => property.Value));
        Assert.Equal(2, known.Properties.Count());
        Assert.Empty(known.FindPropertiesByName("absent"));
        Assert.False(unknown.IsPeerAuthenticated);
        Assert.Empty(unknown.PeerIdentity);
    }

    private static Task Say(Metadata metadata, string who)
    {
        metadata.Add("who", who);
        return Task.CompletedTask;
    }

    private static List<AsyncAuthInterceptor> InterceptorsOf(CallCredentials credentials)
    {
        var parts = new CallParts();
        credentials.InternalPopulateConfiguration(parts, null);
        return parts.Interceptors;
    }

    private sealed class CallParts : CallCredentialsConfiguratorBase
    {
        public List<AsyncAuthInterceptor> Interceptors { get; } = [];

        public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
        {
            foreach (var part in credentials)
                part.InternalPopulateConfiguration(this, state);
        }

        public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) => Interceptors.Add(interceptor);
    }

    private sealed class ChannelParts : ChannelCredentialsConfiguratorBase
    {
        public ChannelCredentials? Channel { get; private set; }

        public CallCredentials? Call { get; private set; }

        public string? Roots { get; private set; }

        public KeyCertificatePair? Pair { get; private set; }

        public override void SetInsecureCredentials(object state) => Channel = ChannelCredentials.Insecure;

        public override void SetSslCredentials(object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) =>
            (Roots, Pair) = (rootCertificates, keyCertificatePair);

        public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
            (Channel, Call) = (channelCredentials, callCredentials);
    }
}
