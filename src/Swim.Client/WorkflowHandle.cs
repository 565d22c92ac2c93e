using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Swim.V1;

namespace Swim.Client;

/// <summary>
/// One workflow, to wait for, to look at and to cancel. Holds nothing but its id: any number of handles of the same workflow may be used,
/// from many threads, as long as the client they came from.
/// </summary>
public sealed class WorkflowHandle
{
    private readonly SwimClient _client;

    internal WorkflowHandle(SwimClient client, string id, string @namespace) => (_client, Id, Namespace) = (client, id, @namespace);

    /// <summary>32 hexadecimal digits. With <see cref="Namespace"/> all that another program needs to find the workflow.</summary>
    public string Id { get; }

    /// <summary>Where the workflow lives; empty: the default one.</summary>
    public string Namespace { get; }

    /// <summary>True when the submission gave an idempotency key that was known: nothing new was stored.</summary>
    public bool IsExisting { get; internal init; }

    /// <summary>How far the submission had spread when it was answered; unspecified for a handle of <see cref="SwimClient.Workflow"/>.</summary>
    public AckLevel Acked { get; internal init; }

    /// <summary>The workflow as it is now.</summary>
    /// <exception cref="SwimException">The workflow cannot be read, or no server answered.</exception>
    public Task<Workflow> StatusAsync(CancellationToken cancel = default) => _client.GetAsync(Id, Namespace, cancel: cancel);

    /// <summary>As <see cref="SwimClient.WatchAsync"/>: the workflow as it is, then after each change, until it has ended.</summary>
    /// <exception cref="SwimException">The workflow cannot be read, or for <see cref="SwimClientOptions.FollowPatience"/> no server answered.</exception>
    public IAsyncEnumerable<Workflow> WatchAsync(CancellationToken cancel = default) => _client.WatchAsync(Id, Namespace, cancel);

    /// <summary>The workflow once it has ended, however it ended. Goes on while servers come and go.</summary>
    /// <exception cref="SwimException">The workflow cannot be read, or for <see cref="SwimClientOptions.FollowPatience"/> no server answered.</exception>
    public Task<Workflow> EndAsync(CancellationToken cancel = default) => _client.WaitAsync(Id, Namespace, cancel);

    /// <summary>The workflow once every one of its tasks has succeeded. Goes on while servers come and go.</summary>
    /// <exception cref="WorkflowFailedException">It ended otherwise: in part, failed or cancelled.</exception>
    /// <exception cref="SwimException">The workflow cannot be read, or for <see cref="SwimClientOptions.FollowPatience"/> no server answered.</exception>
    public async Task<Workflow> ResultAsync(CancellationToken cancel = default)
    {
        var workflow = await EndAsync(cancel).ConfigureAwait(false);
        return workflow.State == WorkflowState.Succeeded ? workflow : throw new WorkflowFailedException(workflow);
    }

    /// <summary>
    /// The output of the workflow as a <typeparamref name="T"/>, once every task has succeeded. Read by <paramref name="options"/>; without,
    /// by those of the web: names in any case, numbers also as text.
    /// </summary>
    /// <exception cref="WorkflowFailedException">It ended otherwise: in part, failed or cancelled.</exception>
    /// <exception cref="JsonException">Its output is no <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidOperationException">Its document names no output.</exception>
    /// <exception cref="SwimException">The workflow cannot be read, or for <see cref="SwimClientOptions.FollowPatience"/> no server answered.</exception>
    [RequiresUnreferencedCode("Reads the output by reflection: give a JsonTypeInfo.")]
    [RequiresDynamicCode("Reads the output by reflection: give a JsonTypeInfo.")]
    public Task<T?> ResultAsync<T>(JsonSerializerOptions? options = null, CancellationToken cancel = default) =>
        ResultAsync(output => JsonSerializer.Deserialize<T>(output, options ?? JsonSerializerOptions.Web), cancel);

    /// <summary>As the other, by a generated contract: for programs that are trimmed or compiled ahead of time.</summary>
    /// <exception cref="WorkflowFailedException">It ended otherwise: in part, failed or cancelled.</exception>
    /// <exception cref="JsonException">Its output is no <typeparamref name="T"/>.</exception>
    /// <exception cref="InvalidOperationException">Its document names no output.</exception>
    /// <exception cref="SwimException">The workflow cannot be read, or for <see cref="SwimClientOptions.FollowPatience"/> no server answered.</exception>
    public Task<T?> ResultAsync<T>(JsonTypeInfo<T> contract, CancellationToken cancel = default) =>
        ResultAsync(output => JsonSerializer.Deserialize(output, contract), cancel);

    /// <summary>Asks for the end of the workflow; gives the state it had once the wish is stored. A finished one stays as it is.</summary>
    /// <exception cref="SwimException">The workflow cannot be read, or no server answered.</exception>
    public async Task<WorkflowState> CancelAsync(CancellationToken cancel = default) =>
        (await _client.CancelAsync(Id, Namespace, cancel).ConfigureAwait(false)).State;

    /// <inheritdoc/>
    public override string ToString() => Id;

    private async Task<T?> ResultAsync<T>(Func<string, T?> read, CancellationToken cancel)
    {
        var workflow = await ResultAsync(cancel).ConfigureAwait(false);
        if (workflow.OutputJson.Length == 0)
            throw new InvalidOperationException($"Workflow {Id} has no output: name one in its document, as in 'output: $OUTPUT[task]'.");
        try
        {
            return read(workflow.OutputJson);
        }
        catch (JsonException fault)
        {
            throw new JsonException($"The output of workflow {Id} is no {typeof(T).Name}: {fault.Message}", fault);
        }
    }
}
