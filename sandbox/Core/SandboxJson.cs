using System.Text.Json.Serialization;

namespace Sandbox.Core;

/// <summary>The control API's wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ControlState))]
[JsonSerializable(typeof(IReadOnlyList<ControlAccount>))]
[JsonSerializable(typeof(SimAccount))]
[JsonSerializable(typeof(SeedOrder))]
[JsonSerializable(typeof(SeedOrder[]))]
[JsonSerializable(typeof(ControlCodes))]
[JsonSerializable(typeof(IReadOnlyList<ServedOrder>))]
[JsonSerializable(typeof(ControlBreak))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(IReadOnlyList<Fault>))]
[JsonSerializable(typeof(IReadOnlyList<JournalEntry>))]
[JsonSerializable(typeof(ControlAdvance))]
[JsonSerializable(typeof(ControlRateLimits))]
[JsonSerializable(typeof(ControlProblem))]
public sealed partial class SandboxJson : JsonSerializerContext;

/// <param name="Now">The sandbox's clock, UTC.</param>
public sealed record ControlState(DateTimeOffset Now, bool CanAdvance, bool RateLimitsLifted, IReadOnlyList<string> Marketplaces);

public sealed record ControlAccount(string Marketplace, SimAccount Account);

/// <param name="Codes">The orders' codes, in the order of the seeds.</param>
public sealed record ControlCodes(IReadOnlyList<string> Codes);

/// <param name="How">See <see cref="ISimulator.BreakCredential"/>.</param>
public sealed record ControlBreak(string How);

public sealed record ControlAdvance(double Seconds);

public sealed record ControlRateLimits(bool Lifted);

/// <summary>An error as application/problem+json.</summary>
public sealed record ControlProblem(string Title, int Status, string Detail);
