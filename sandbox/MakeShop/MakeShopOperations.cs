using System.Text.Json;
using Sandbox.Core;

namespace Sandbox.MakeShop;

/// <summary>The operations: checks a query and its variable against the schema, then runs it. Called under the shop's lock.</summary>
internal sealed class MakeShopOperations(MakeShopRules rules, MakeShopAnswers answers)
{
    private readonly MakeShopSchema _schema = new(rules);
    private readonly IReadOnlyDictionary<string, (string Type, MakeShopInput Keys)> _inputs = MakeShopInput.Of(rules);

    public SimOutcome Run(MakeShopShop shop, GraphQuery query, JsonElement input, DateTimeOffset now)
    {
        var operation = query.Root.Name;
        if (operation is "__schema" or "__type")
        {
            return answers.Refused(200, Limits.Forbidden, "introspection disabled", operation);
        }

        if (Fault(query, input) is { } fault)
        {
            return fault;
        }

        if (shop.Broken == "rights" || rules.Forbidden.Contains(operation))
        {
            return answers.Refused(200, Limits.Forbidden, "forbidden", operation);
        }

        var type = _schema.Find(operation)!.Value.Type;
        var writes = new MakeShopWrites(shop, now);
        object result;
        switch (operation)
        {
            case "searchOrder":
                var (page, refusal) = new MakeShopSearch(shop, rules, answers, now).Run(input);
                if (refusal is not null)
                {
                    return refusal;
                }

                result = page!;
                break;
            case "searchProductQuantity":
                result = Quantities(shop, input);
                break;
            default:
                if (input.ValueKind is JsonValueKind.Object && input.EnumerateObject().Any(list => MakeShopInput.Items(list.Value).Count() > Limits.RowsPerWrite))
                {
                    return answers.Refused(200, Limits.BadInput, $"at most {Limits.RowsPerWrite} rows", operation);
                }

                result = operation switch
                {
                    "updateOrderAttribute" => writes.Attributes(input),
                    "updateOrderDeliveryStatus" => writes.Statuses(input),
                    "cancelOrder" => writes.Cancels(input),
                    "updateProductQuantity" => writes.Products(input),
                    "updateVariationQuantity" => writes.Variations(input),
                    _ => shop,
                };
                break;
        }

        return SimOutcome.Ok(MakeShopAnswers.Data(query, type, result), writes.Effects);
    }

    /// <summary>What a validator says of the query and of its variable; null = nothing.</summary>
    private SimOutcome? Fault(GraphQuery query, JsonElement input)
    {
        var operation = query.Root.Name;
        if (_schema.Find(operation) is not { } found || found.IsMutation != query.IsMutation)
        {
            return answers.Invalid([($"Cannot query field \"{operation}\" on type \"{(query.IsMutation ? "Mutation" : "Query")}\".", [])]);
        }

        var faults = found.Type.Check(query.Root.Children).Take(rules.NamesEveryUnknownField ? int.MaxValue : 1).ToArray();
        if (query.Root.Children.Count == 0)
        {
            faults = [$"Field \"{operation}\" of type \"{found.Type.Name}\" must have a selection of subfields."];
        }

        if (faults.Length > 0)
        {
            return answers.Invalid(faults.Select(f => (f, (IReadOnlyList<string>)[])));
        }

        if (!_inputs.TryGetValue(operation, out var known))
        {
            return null; // it takes no input
        }

        if (query.InputType != known.Type)
        {
            return answers.Invalid([($"Variable \"$input\" of type \"{query.InputType}\" used in position expecting type \"{known.Type}!\".", [])]);
        }

        var unknown = known.Keys.Unknown(input, "variable.input").ToArray();
        return unknown.Length == 0 ? null : answers.Invalid(unknown.Select(path => ("unknown field", (IReadOnlyList<string>)path.Split('.'))));
    }

    private static MakeShopPage Quantities(MakeShopShop shop, JsonElement input)
    {
        var codes = MakeShopInput.Items(input, "systemCodes").Select(c => c.ToString()).ToHashSet(StringComparer.Ordinal);
        var (page, limit) = (MakeShopInput.Number(input, "page", 1, 1), MakeShopInput.Number(input, "limit", Limits.OrdersPerPageUnnamed, Limits.OrdersPerPageUnnamed));
        var products = shop.Items.GroupBy(i => i.Code, StringComparer.Ordinal)
            .Where(g => codes.Count == 0 || codes.Contains(MakeShopSchema.ProductCode(g.Key)))
            .Select(g => new MakeShopProduct(g.Key, g.Where(i => i.Variation1.Length == 0).Sum(i => i.Quantity), [.. g.Where(i => i.Variation1.Length > 0)]))
            .ToList();
        return new MakeShopPage(products.Count, page, limit, [.. products.Skip((page - 1) * limit).Take(limit)]);
    }
}
