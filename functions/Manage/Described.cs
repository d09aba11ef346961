namespace Functions.Manage;

/// <summary>The form that an HTTP function reads from the JSON body; for the API's description.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TakesAttribute(Type form) : Attribute
{
    public Type Form { get; } = form;
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
