using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Local.Live;

/// <summary>The log of a live run in a file: on the screen it would tear the live view apart. Begins anew with each run. Counts warnings and errors.</summary>
public sealed class FileLog : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly TimeProvider _clock;
    private int _errors;
    private bool _closed;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public FileLog(string path, TimeProvider clock)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = new StreamWriter(new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _clock = clock;
    }

    /// <summary>Entries of level error or worse.</summary>
    public int Errors => Volatile.Read(ref _errors);

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _file.Dispose();
        }
    }

    private void Write(LogLevel level, string category, string text, Exception? failure)
    {
        if (level >= LogLevel.Error)
        {
            Interlocked.Increment(ref _errors);
        }

        lock (_gate)
        {
            if (_closed)
            {
                return; // what ends after the log has nobody to tell
            }

            _file.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_clock.GetUtcNow():O} {level} {category}: {text}"));
            if (failure is not null)
            {
                _file.WriteLine(failure);
            }
        }
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(logLevel, name, formatter(state, exception), exception);
    }
}
