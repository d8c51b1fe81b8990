using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Coordination.Gateway.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Coordination.Gateway.Http;

/// <summary>What the OpenAPI document says of an endpoint besides its shapes.</summary>
public static class Descriptions
{
    private const string BySession = "session";

    /// <summary>Reads one thing: may be 404.</summary>
    public static RouteHandlerBuilder Reads(this RouteHandlerBuilder route) => route.ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>May refuse with the statuses given, and where there were too many.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params int[] refusals)
    {
        foreach (var status in refusals.Concat([400, 403, 429]).Distinct().Order()) route.ProducesProblem(status);
        return route;
    }

    /// <summary>Takes less than the platform's bound: what nobody has signed in for is not read at length.</summary>
    public static TBuilder TakesAtMost<TBuilder>(this TBuilder route, long bytes) where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new TakesBody(bytes));

    /// <summary>Lists names or titles in the order of the reader's alphabet: takes <c>Accept-Language</c> too.</summary>
    public static RouteHandlerBuilder Sorts(this RouteHandlerBuilder route) => route.WithMetadata(new SortsByAlphabet());

    /// <summary>Writes as whoever is signed in: takes the session's token too.</summary>
    public static RouteHandlerBuilder Guarded(this RouteHandlerBuilder route, params int[] refusals) => route.Refuses(refusals).WithMetadata(new TakesToken());

    /// <summary>Gives a command, which is done once for each key: takes <c>Idempotency-Key</c> too.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder route, params int[] refusals) => route.Guarded(refusals).WithMetadata(new TakesKey());

    /// <summary>Changes what is there: takes <c>If-Match</c> too.</summary>
    /// <param name="version">What the version is that it names, where that is not plain.</param>
    public static RouteHandlerBuilder Changes(this RouteHandlerBuilder route, string version = "") => route.Writes(404, 409, 412, 422, 428).WithMetadata(new TakesVersion(version));

    public static IServiceCollection AddDescriptions(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, context, _) =>
        {
            document.Info = new()
            {
                Title = "Coordination",
                Version = "v1",
                License = new() { Name = "MIT License", Identifier = "MIT" },
                Description = "Action plans, cooperation requests and groups of the bodies that fight trafficking in persons together. "
                    + "Sign in with POST /api/v1/session; send the csrfToken it answers in X-CSRF-Token with every write. "
                    + "A version is the position of the last change that everybody learns of who sees the thing: what is hidden moves none. Name the one you saw in If-Match.",
            };
            // The address is the reader's own; it has no place in a document that is compared.
            document.Servers = [new() { Url = "/", Description = "The platform that gave you this description." }];
            var chapters = context.DescriptionGroups.SelectMany(group => group.Items).SelectMany(endpoint => endpoint.ActionDescriptor.EndpointMetadata.OfType<Chapter>());
            document.Tags = chapters.Distinct().Select(chapter => new OpenApiTag { Name = chapter.Name, Description = chapter.About }).ToHashSet();
            (document.Components ??= new()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [BySession] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Cookie,
                    Name = SessionCookie.Name,
                    Description = $"The cookie that POST /api/v1/session gives. Over TLS its name begins with {HostCookies.Prefix}.",
                },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type, context.JsonPropertyInfo);
            // What may be null may be left out, unless it is said to be required.
            foreach (var member in context.JsonTypeInfo.Properties)
            {
                if (member.IsGetNullable && member.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: true) != true) schema.Required?.Remove(member.Name);
            }

            if (context.JsonTypeInfo.Type == typeof(ProblemDetails)) DescribeProblem(schema);

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            operation.Parameters ??= [];
            foreach (var parameter in context.Description.ParameterDescriptions)
            {
                if (NamesOfQuery(parameter.Type) is not { } names) continue;
                if (SortOf(parameter.Type) is { } usual && operation.Parameters.FirstOrDefault(other => other.Name == parameter.Name) is OpenApiParameter sort)
                    sort.Description = usual;
                if (operation.Parameters.FirstOrDefault(other => other.Name == parameter.Name) is OpenApiParameter described)
                    described.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. names.Select(name => (JsonNode)JsonValue.Create(name)!)] };
            }

            // The framework names those of a record as its members are, such as After; callers write them as all others.
            foreach (var query in operation.Parameters.OfType<OpenApiParameter>().Where(parameter => parameter.In is ParameterLocation.Query))
                query.Name = JsonNamingPolicy.CamelCase.ConvertName(query.Name!);

            if (!metadata.OfType<TakesItsTime>().Any())
                operation.Parameters.Add(Header(Deadline.Header, "Seconds that the caller waits for the answer, where that is less than the platform tries.", false, JsonSchemaType.Number));

            if (operation is { RequestBody: OpenApiRequestBody body, Responses: { } answers })
            {
                var takes = metadata.OfType<TakesBody>().LastOrDefault();
                var largest = takes?.Largest ?? context.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value.LargestBody;
                body.Description = string.Create(CultureInfo.InvariantCulture, $"{(takes?.File is null ? "JSON in UTF-8" : "The file")}, at most {largest} bytes.");
                answers["413"] = new OpenApiResponse { Description = "Content Too Large", Content = answers["400"].Content };
                answers["415"] = new OpenApiResponse { Description = "Unsupported Media Type", Content = answers["400"].Content };
            }

            if (metadata.OfType<SortsByAlphabet>().Any())
                operation.Parameters.Add(Header("Accept-Language", "Of the language that is liked best the alphabet that names and titles are sorted by, and English where none is known. It must not change from one page to the next.", false));

            var isOpen = metadata.OfType<IAllowAnonymous>().Any();
            operation.Security = isOpen ? [] : [new() { [new OpenApiSecuritySchemeReference(BySession, context.Document)] = [] }];
            if (!isOpen)
                operation.Parameters.Add(Header(Asking.ActingForHeader, "Id of the body that the caller acts for, where that is not the body of its session. 403 session.not-a-role-there when it has no role there.", false));

            if (metadata.OfType<TakesToken>().Any()) operation.Parameters.Add(Header(AntiForgery.Header, "The csrfToken of the session.", true));

            if (metadata.OfType<TakesKey>().Any())
            {
                operation.Parameters.Add(Header("Idempotency-Key", "A text in double quotes, unique for this command; a repeat gets the first answer.", false));
                if (operation.RequestBody is not null)
                    operation.Parameters.Add(Header("Content-Language", "Language of the texts in the body, one tag of BCP 47 such as fr or pt-BR.", false));
            }

            if (metadata.OfType<TakesVersion>().FirstOrDefault() is { } version)
                operation.Parameters.Add(Header("If-Match", $"The version that was seen, as \"v17\" from its ETag, or * for any. {version.Meaning}".TrimEnd(), true));
            return Task.CompletedTask;
        });
    });

    /// <summary>Texts and names are read by converters of ours, of whose form the framework knows nothing.</summary>
    private static void Describe(OpenApiSchema schema, Type type, JsonPropertyInfo? property)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. EnumNames.All(type).Select(name => (JsonNode)JsonValue.Create(name)!)];
        }

        if (type.IsArray) schema.Items ??= new OpenApiSchema { Type = type.GetElementType() == typeof(string) ? JsonSchemaType.String : null };
        if (type == typeof(string[])) schema.Items = new OpenApiSchema { Type = JsonSchemaType.String };
        if (type == typeof(Dictionary<string, string>)) schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String };
        if (type != typeof(string)) return;
        schema.Type = property?.IsGetNullable == true ? JsonSchemaType.String | JsonSchemaType.Null : JsonSchemaType.String;
        foreach (var attribute in property?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
        {
            if (attribute is StringLengthAttribute length) (schema.MinLength, schema.MaxLength) = (length.MinimumLength > 0 ? length.MinimumLength : null, length.MaximumLength);
            if (attribute is RegularExpressionAttribute expression) schema.Pattern = expression.Pattern;
        }
    }

    /// <summary>What a refusal says besides the members that RFC 9457 names, and what it always says.</summary>
    private static void DescribeProblem(OpenApiSchema schema)
    {
        schema.Description = "Why something was not done, as a problem of RFC 9457.";
        schema.Required = new HashSet<string> { "status", "code", "traceId" };
        var said = schema.Properties!;
        said["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32" };
        said["code"] = Text("Stable name of the reason, such as plan.milestone-not-found.");
        said["traceId"] = Text("Names the request to the platform's operator.");
        said["version"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = "With 412: the version that counts now." };
        said["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "What is wrong with which fields.",
            Items = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "pointer", "code", "detail" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["pointer"] = Text("The field in what was sent, such as #/due."),
                    ["code"] = Text("Stable name of the reason."),
                    ["detail"] = Text("The reason in English."),
                },
            },
        };

        said["changed"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Description = "With plan.parts-changed: the parts of the plan that have changed since the caller looked, oldest change first.",
            Items = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "part", "id", "version" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["part"] = Text("plan (its head), measure or milestone."),
                    ["id"] = Text("Its id."),
                    ["version"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = "Position of its last change." },
                },
            },
        };

        static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
    }

    private static string[]? NamesOfQuery(Type? type)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        if (type is not { IsGenericType: true }) return null;
        if (type.GetGenericTypeDefinition() == typeof(Named<>)) return EnumNames.All(type.GetGenericArguments()[0]);
        if (type.GetGenericTypeDefinition() != typeof(Sorted<>)) return null;
        return [.. EnumNames.All(type.GetGenericArguments()[0]).SelectMany(name => (string[])[name, "-" + name])];
    }

    private static string? SortOf(Type? type)
    {
        type = type is null ? null : Nullable.GetUnderlyingType(type) ?? type;
        return type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(Sorted<>)
            ? "With a minus in front it falls. Items that are the same in it are in the order of their ids. Names and titles are in the order of the caller's alphabet."
            : null;
    }

    private static OpenApiParameter Header(string name, string description, bool required, JsonSchemaType type = JsonSchemaType.String) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Required = required,
        Schema = new OpenApiSchema { Type = type },
    };

    private sealed class TakesToken;

    private sealed class TakesKey;

    private sealed record TakesVersion(string Meaning);
}
