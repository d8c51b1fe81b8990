# syntax=docker/dockerfile:1
# A silo. Built from the root of the repository: docker build -f deploy/containers/silo.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish deploy/Node -c Release -p:SkipDashboard=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --chmod=755 deploy/containers/healthy /usr/local/bin/healthy
# Whoever the process runs as may keep files here, and reads only its own.
RUN mkdir --mode=1777 /data
# Addresses come from the settings alone.
ENV ASPNETCORE_HTTP_PORTS= DOTNET_EnableDiagnostics=0 COORDINATION_DATA=/data
VOLUME /data
EXPOSE 8081 11111 30000
USER $APP_UID
HEALTHCHECK --interval=5s --timeout=7s --start-period=120s --retries=3 CMD ["healthy", "8081"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Coordination.Node.dll", "silo"]
CMD ["--settings", "/run/secrets/settings"]
