using Microsoft.Extensions.DependencyInjection;

namespace Coordination.Host.Views;

/// <summary>
/// A read model: what some lists and pages are read from, folded from the journal. One file each, registered by name with
/// <see cref="ViewRegistration.AddView{T}"/>. What it makes of an entry depends on itself and the entry alone, so that it can be folded anew alone.
/// One thread applies entries in order; any number read.
/// </summary>
public abstract class View
{
    private long _position;
    private volatile Exception? _fault;

    /// <summary>Under which it is stored, dropped and told of; such as <c>plans</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The number of its items' stored form: with another one it is another view, which is folded from the first entry on.</summary>
    public abstract int Form { get; }

    public ViewKey Key => new(Name, Form);

    /// <summary>The last entry that was applied.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>What it threw at the entry after <see cref="Position"/>, which it takes in no more; null while it goes on.</summary>
    public Exception? Fault => _fault;

    /// <summary>Held while an entry is applied: whoever holds it sees a whole state.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>Takes in the next entry. What is there already is passed over. When it throws it stops at its position, and nobody else does.</summary>
    internal void Take(Entry entry, Fact fact)
    {
        if (entry.Position <= Position || Fault is not null) return;
        lock (Gate)
        {
            try
            {
                Apply(entry, fact);
                Volatile.Write(ref _position, entry.Position);
            }
            catch (Exception exception)
            {
                _fault = exception;
            }
        }
    }

    /// <summary>Stops it here, because it stopped elsewhere at an entry that is before this one's tail.</summary>
    internal void Stop(Exception fault) => _fault = fault;

    protected abstract void Apply(Entry entry, Fact fact);

    /// <summary>Begins at a position. Before the first entry only.</summary>
    protected void BeginAt(long position) => Volatile.Write(ref _position, position);
}

/// <summary>An item as it is to be stored.</summary>
/// <param name="Position">The entry that changed it last.</param>
public sealed record PendingItem(string Id, long Position, byte[] Data);

/// <summary>How views of one kind are made.</summary>
/// <param name="Make">An empty one, at position 0.</param>
public sealed record ViewKind(Func<View> Make);

public static class ViewRegistration
{
    private static readonly Lazy<ImmutableArray<ViewKind>> Platform = new(() =>
    {
        using var provider = new ServiceCollection().AddPlatformViews().BuildServiceProvider();
        return [.. provider.GetServices<ViewKind>()];
    });

    /// <summary>The views that the platform itself has.</summary>
    public static ImmutableArray<ViewKind> OfThePlatform => Platform.Value;

    /// <summary>Adds a view.</summary>
    public static IServiceCollection AddView<T>(this IServiceCollection services) where T : View, new() => services.AddSingleton(new ViewKind(() => new T()));

    internal static IServiceCollection AddPlatformViews(this IServiceCollection services) => services
        .AddView<BodiesView>()
        .AddView<AccountsView>()
        .AddView<PlansView>()
        .AddView<RequestsView>()
        .AddView<GroupsView>()
        .AddView<SubscriptionsView>()
        .AddView<FeedView>();
}
