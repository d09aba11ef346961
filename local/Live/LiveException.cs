namespace Local.Live;

/// <summary>The live run cannot start or go on. The message is one line and says what to do.</summary>
public sealed class LiveException(string message, Exception? inner = null) : Exception(message, inner);
