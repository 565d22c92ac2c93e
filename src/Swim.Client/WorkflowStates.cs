using Swim.V1;

namespace Swim.Client;

/// <summary>What the states of a workflow mean to whoever waits for it.</summary>
public static class WorkflowStates
{
    /// <summary>True when the workflow will not go on: it succeeded, in part or not at all, or was cancelled.</summary>
    public static bool HasEnded(this WorkflowState state) =>
        state is WorkflowState.Succeeded or WorkflowState.Partial or WorkflowState.Failed or WorkflowState.Cancelled;
}
