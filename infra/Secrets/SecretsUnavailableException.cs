namespace Infra.Secrets;

/// <summary>The vault could not be asked or did not answer: nothing is known about the secret.</summary>
public sealed class SecretsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
