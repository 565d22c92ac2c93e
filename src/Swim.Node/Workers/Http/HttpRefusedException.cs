namespace Swim.Node.Workers.Http;

/// <summary>The request would go where this node's operator does not let it; nothing was sent there.</summary>
internal sealed class HttpRefusedException(string message) : Exception(message);
