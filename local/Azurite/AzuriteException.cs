namespace Local.Azurite;

/// <summary>Azurite could not be installed or started. The message is one line and says what to do.</summary>
public sealed class AzuriteException(string message, Exception? inner = null) : Exception(message, inner);
