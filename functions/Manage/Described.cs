namespace Functions.Manage;

/// <summary>The form that an HTTP function reads from the body; for the API's description.</summary>
/// <param name="contents">The content types; none = JSON.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute(Type form, params string[] contents) : Attribute
{
    public Type Form { get; } = form;

    public string[] Contents { get; } = contents.Length == 0 ? ["application/json"] : contents;
}

/// <summary>A value that an HTTP function reads from the query; for the API's description.</summary>
/// <param name="description">Japanese.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class QueryAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    public bool Required { get; set; }

    /// <summary>The texts that it may have; null = any.</summary>
    public Type? OneOf { get; set; }
}
