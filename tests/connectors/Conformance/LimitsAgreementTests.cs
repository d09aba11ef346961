using System.Globalization;
using System.Reflection;
using Domain.Marketplaces;
using Microsoft.Extensions.DependencyInjection;

namespace Tests.Connectors.Conformance;

/// <summary>The sandbox writes the marketplaces' limits down a second time. Here every place where it and the manifest differ is printed, and one that nobody declared fails.</summary>
public sealed class LimitsAgreementTests
{
    public static readonly TheoryData<string> Marketplaces = [.. KnownLimits.All.Keys];

    [Theory]
    [MemberData(nameof(Marketplaces))]
    public void Sandbox_and_manifest_differ_only_where_somebody_said_why(string marketplace)
    {
        var known = KnownLimits.All[marketplace];
        var manifest = ManifestOf(known);
        var undeclared = new List<string>();
        foreach (var pair in known.Compared)
        {
            var (inManifest, inSandbox) = (Text(pair.InManifest(manifest)), Text(pair.InSandbox(known.Sandbox)));
            if (inManifest == inSandbox)
            {
                Assert.True(pair.Why is null, $"{marketplace} {pair.What}: both say {inManifest}; the declared difference is out of date");
                continue;
            }

            var difference = $"{marketplace} {pair.What}: manifest {inManifest}, sandbox {inSandbox}";
            TestContext.Current.TestOutputHelper?.WriteLine($"{difference} ({pair.Why ?? "UNDECLARED"})");
            if (pair.Why is null)
            {
                undeclared.Add(difference);
            }
        }

        Assert.Empty(undeclared);
    }

    [Theory]
    [MemberData(nameof(Marketplaces))]
    public void No_limit_of_the_sandbox_is_left_out_of_the_comparison(string marketplace)
    {
        var known = KnownLimits.All[marketplace];
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var members = known.Sandbox.GetFields(Any).Where(f => !f.Name.Contains('<', StringComparison.Ordinal)).Select(f => f.Name)
            .Concat(known.Sandbox.GetProperties(Any).Select(p => p.Name))
            .Order(StringComparer.Ordinal);

        // A new limit belongs to a comparison, or among those of which the manifest does not speak.
        Assert.Equal(known.Compared.SelectMany(p => p.Members).Concat(known.OnlySandbox).Distinct().Order(StringComparer.Ordinal), members);
    }

    private static Manifest ManifestOf(KnownLimits known)
    {
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        known.Register(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<Marketplace>().Manifest;
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        IEnumerable<string> names => string.Join(' ', names.Distinct().Order(StringComparer.Ordinal)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
