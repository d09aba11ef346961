using System.Text.RegularExpressions;

namespace Sandbox.MakeShop;

/// <summary>A field that a query asks for, with what it asks of it.</summary>
internal sealed record GraphSelection(string Name, IReadOnlyList<GraphSelection> Children);

/// <summary>As much of GraphQL as clients of this API send: one operation with at most one variable, one field with at most one argument that is
/// that variable, a selection without fragments, aliases or directives.</summary>
/// <param name="InputType">The variable's type without its mark; empty = no variable.</param>
internal sealed partial record GraphQuery(bool IsMutation, string Variable, string InputType, GraphSelection Root)
{
    /// <summary>Null where it is not a query as described above.</summary>
    public static GraphQuery? Read(string text)
    {
        try
        {
            return new Reader(text).Query();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private sealed partial class Reader
    {
        private const int Deepest = 20;
        private readonly Queue<string> _tokens;

        public Reader(string text)
        {
            var found = Token().Matches(text);
            if (found.Sum(t => t.Length) != text.Count(c => !char.IsWhiteSpace(c) && c != ','))
            {
                throw new FormatException("a character that no token begins with");
            }

            _tokens = new Queue<string>(found.Select(t => t.Value));
        }

        public GraphQuery Query()
        {
            var (mutation, variable, type) = (false, "", "");
            if (Next is not "{")
            {
                mutation = Take() switch { "query" => false, "mutation" => true, _ => throw new FormatException("query or mutation") };
                if (Next is not ("{" or "("))
                {
                    Name();
                }

                if (Next is "(")
                {
                    (variable, type) = Variable();
                }
            }

            Expect("{");
            var name = Name();
            if (Next is "(")
            {
                Expect("(");
                Expect("input");
                Expect(":");
                Expect("$");
                Expect(variable);
                Expect(")");
            }

            var root = new GraphSelection(name, Selections(0));
            Expect("}");
            return _tokens.Count == 0 ? new GraphQuery(mutation, variable, type, root) : throw new FormatException("the end");
        }

        private string? Next => _tokens.TryPeek(out var token) ? token : null;

        private (string Name, string Type) Variable()
        {
            Expect("(");
            Expect("$");
            var name = Name();
            Expect(":");
            var type = Name();
            if (Next is "!")
            {
                Expect("!");
            }

            Expect(")");
            return (name, type);
        }

        private List<GraphSelection> Selections(int depth)
        {
            var selections = new List<GraphSelection>();
            if (Next is not "{")
            {
                return selections;
            }

            if (depth > Deepest)
            {
                throw new FormatException("a selection of bounded depth");
            }

            Expect("{");
            while (Next is not "}")
            {
                selections.Add(new GraphSelection(Name(), Selections(depth + 1)));
            }

            Expect("}");
            return selections.Count > 0 ? selections : throw new FormatException("a field");
        }

        private string Take() => _tokens.TryDequeue(out var token) ? token : throw new FormatException("a token");

        private string Name() => Take() is var name && (char.IsAsciiLetter(name[0]) || name[0] == '_') ? name : throw new FormatException("a name");

        private void Expect(string token)
        {
            if (Take() != token)
            {
                throw new FormatException(token);
            }
        }

        [GeneratedRegex(@"[A-Za-z_][A-Za-z0-9_]*|[{}()!:$]")]
        private static partial Regex Token();
    }
}
