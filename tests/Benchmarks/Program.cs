using Coordination.Benchmarks;

if (args is not ["live", ..] || (args.Length > 1 && !int.TryParse(args[1], out _)))
{
    await Console.Error.WriteLineAsync("Coordination.Benchmarks live [reports]   from an acknowledged report to another browser's pixels");
    return 64;
}

return await Live.Run(args.Length > 1 ? int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 200) ? 0 : 1;
