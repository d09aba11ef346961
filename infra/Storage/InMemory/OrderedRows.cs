namespace Infra.Storage.InMemory;

/// <summary>Rows in ordinal order of their keys: blocks of keys, so that a partition of a million rows seeks and inserts in a few steps.</summary>
internal sealed class OrderedRows
{
    private const int BlockSize = 512;

    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly List<List<string>> _blocks = [];

    public int Count => _rows.Count;

    public Row? Find(string key) => _rows.GetValueOrDefault(key);

    public void Set(Row row)
    {
        if (!_rows.ContainsKey(row.Key))
        {
            InsertKey(row.Key);
        }

        _rows[row.Key] = row;
    }

    public void Remove(string key)
    {
        if (!_rows.Remove(key))
        {
            return;
        }

        var block = BlockOf(key);
        _blocks[block].RemoveAt(_blocks[block].BinarySearch(key, StringComparer.Ordinal));
        if (_blocks[block].Count == 0)
        {
            _blocks.RemoveAt(block);
        }
    }

    /// <summary>The rows from <paramref name="from"/> on, in order.</summary>
    public IEnumerable<Row> From(string from)
    {
        for (var block = _blocks.Count == 0 ? 0 : BlockOf(from); block < _blocks.Count; block++)
        {
            var keys = _blocks[block];
            var start = keys.BinarySearch(from, StringComparer.Ordinal);
            for (var i = start < 0 ? ~start : start; i < keys.Count; i++)
            {
                yield return _rows[keys[i]];
            }
        }
    }

    private void InsertKey(string key)
    {
        if (_blocks.Count == 0)
        {
            _blocks.Add([key]);
            return;
        }

        var place = BlockOf(key);
        var block = _blocks[place];
        var at = ~block.BinarySearch(key, StringComparer.Ordinal);
        block.Insert(at, key);
        if (block.Count > BlockSize)
        {
            _blocks.Insert(place + 1, block[(BlockSize / 2)..]);
            block.RemoveRange(BlockSize / 2, block.Count - (BlockSize / 2));
        }
    }

    /// <summary>The block in which the key stands or would stand.</summary>
    private int BlockOf(string key)
    {
        var low = 0;
        var high = _blocks.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (string.CompareOrdinal(_blocks[middle][0], key) <= 0)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}
