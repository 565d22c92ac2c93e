using System.CommandLine;
using Swim.Cli.Output;
using Swim.V1;

namespace Swim.Cli.Commands;

/// <summary><c>swim validate</c>: all that is wrong with a document, by the rules of the node that is asked.</summary>
internal static class ValidateCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("validate", "Checks a workflow document without storing it; a line for each problem, exit code 2 if there are any.");
        var document = new DocumentFile(command);
        command.SetAction((parsed, cancel) => runner.RunAsync(parsed, follows: false, async (run, limit) =>
        {
            var request = new ValidateWorkflowRequest
            {
                Format = document.Format(parsed),
                Document = await document.ReadAsync(parsed, run.Terminal, limit).ConfigureAwait(false),
            };
            var answer = await run.AskAsync(run.Client.ValidateAsync(request, limit)).ConfigureAwait(false);
            run.Print(answer, (writer, shown) => Write(writer, document.Name(parsed), request.Document, shown, run.Terminal.OutScreen));
            return answer.Valid ? ExitCode.Ok : ExitCode.BadInput;
        }, cancel));
        return command;
    }

    // As compilers write it, so that editors find the place; people at a terminal see it.
    private static void Write(TextWriter writer, string file, string document, ValidateWorkflowResponse answer, Screen? screen)
    {
        foreach (var problem in answer.Problems)
        {
            writer.WriteLine(Printable.Line(problem.Line == 0 ? $"{file}: {problem.Message}" : $"{file}:{problem.Line}:{problem.Column}: {problem.Message}"));
            if (screen is null) continue;
            foreach (var line in SourceExcerpt.Of(document, problem.Line, problem.Column, screen.Size().Columns)) writer.WriteLine(line);
        }

        if (answer.Valid) writer.WriteLine(Printable.Line($"{file}: valid: {answer.Name}, tasks {answer.Tasks}, layers {answer.Layers}"));
    }
}
