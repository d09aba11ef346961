using Local;

namespace Tests.System.Live;

public sealed class LocalOptionsTests
{
    [Fact]
    public void Without_options_the_live_run_has_staff_warehouse_and_port_7071()
    {
        var options = LocalOptions.Parse([]);

        Assert.Null(options.Problem);
        Assert.Equal((false, true, true, false, 7071, null), (options.Once, options.Staff, options.Warehouse, options.Memory, options.Port, options.Stores));
    }

    [Fact]
    public void Each_option_of_the_live_run_is_taken()
    {
        var options = LocalOptions.Parse(["--no-staff", "--no-warehouse", "--memory", "--port", "8080", "--stores", "stores.json"]);

        Assert.Null(options.Problem);
        Assert.Equal((false, false, true, 8080, "stores.json"), (options.Staff, options.Warehouse, options.Memory, options.Port, options.Stores));
    }

    [Theory]
    [InlineData("--port 80", "--port takes")]
    [InlineData("--port", "--port takes")]
    [InlineData("--stores", "--stores takes")]
    [InlineData("--orders 0", "--orders takes")]
    [InlineData("--watch", "'--watch' is not an option.")]
    public void A_senseless_command_line_is_named_in_one_line(string line, string begins)
    {
        var problem = LocalOptions.Parse(line.Split(' ')).Problem;

        Assert.StartsWith(begins, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem!);
    }
}
