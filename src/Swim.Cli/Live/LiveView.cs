using Swim.Cli.Output;
using Swim.V1;

namespace Swim.Cli.Live;

/// <summary>A workflow on a terminal, drawn anew when it changes and ten times a second. May be used from several threads.</summary>
public sealed class LiveView
{
    /// <summary>The time between two frames where nothing changed.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // More often than this nobody sees it; a state that comes sooner is drawn with the next one.
    private static readonly TimeSpan IntervalMin = TimeSpan.FromMilliseconds(30);

    private readonly Lock _drawing = new();
    private readonly Terminal _terminal;
    private readonly Screen _screen;
    private readonly Func<string, string> _nameOf;
    private readonly FramePainter _painter;
    private readonly string _waitingFor;
    private readonly long _began;
    private Workflow? _workflow;
    private long _painted;

    /// <summary>A view that shows nothing before its first frame.</summary>
    /// <param name="terminal">Draws on its standard output.</param>
    /// <param name="screen">What that is.</param>
    /// <param name="workflowId">Named until its first state is known.</param>
    /// <param name="nameOf">The name of a node by its id.</param>
    public LiveView(Terminal terminal, Screen screen, string workflowId, Func<string, string> nameOf)
    {
        (_terminal, _screen, _nameOf) = (terminal, screen, nameOf);
        _painter = new FramePainter(terminal.Out, screen.Size);
        _waitingFor = ShortId.OfWorkflow(workflowId);
        _began = Now;
    }

    private long Now => _terminal.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes a new state, and draws it.</summary>
    public void Show(Workflow workflow)
    {
        lock (_drawing)
        {
            _workflow = workflow;
            if (_painted == 0 || _terminal.Clock.GetElapsedTime(_painted) >= IntervalMin) Draw();
        }
    }

    /// <summary>Draws the state of this moment.</summary>
    public void Tick()
    {
        lock (_drawing) Draw();
    }

    /// <summary>Draws no more. The last frame stays where there is one of the workflow.</summary>
    public void Leave()
    {
        lock (_drawing)
        {
            if (_workflow is null) _painter.Erase();
        }
    }

    /// <summary>Puts the end in the place of the last frame: the whole tree, to stay.</summary>
    public void Finish(Workflow workflow)
    {
        lock (_drawing)
        {
            _painter.Erase();
            var columns = _screen.Size().Columns - 1;
            foreach (var line in WorkflowFrame.RenderEnd(workflow, Setting())) _terminal.Out.WriteLine(line.ToText(columns, hasColour: true));
        }
    }

    private void Draw()
    {
        _painted = _terminal.Clock.GetTimestamp();
        _painter.Paint(_workflow is { } known ? WorkflowFrame.Render(known, Setting()) : [Waiting()]);
    }

    private StyledLine Waiting() => new StyledLine()
        .Add($"{Glyphs.Of(_screen).SpinnerAt(Now)} ", Tint.Busy)
        .Add($"Waiting for the state of {_waitingFor}  {Elapsed.Text(Now - _began)}", Tint.Dim);

    private FrameSetting Setting() => new(_screen.Size(), Glyphs.Of(_screen), Now, _nameOf);
}
