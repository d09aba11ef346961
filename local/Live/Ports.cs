using System.Net;
using System.Net.Sockets;

namespace Local.Live;

/// <summary>Looks at ports before anything is started, so that a taken one costs no time and is named for what it is.</summary>
public static class Ports
{
    /// <param name="port">0 = any free one: nothing to check.</param>
    /// <exception cref="LiveException">Another program listens there.</exception>
    public static void CheckFree(int port, string what)
    {
        if (port == 0)
        {
            return;
        }

        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
        }
        catch (SocketException taken)
        {
            throw new LiveException($"Port {port}, on which {what} was to listen, is taken by another program: end that program (ss -ltnp 'sport = :{port}' names it), or choose another port with --port N.", taken);
        }
    }
}
