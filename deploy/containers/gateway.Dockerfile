# syntax=docker/dockerfile:1
# A gateway with the dashboard. Built from the root of the repository: docker build -f deploy/containers/gateway.Dockerfile .
FROM node:20-bookworm-slim AS dashboard
WORKDIR /source/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY web .
# What the dashboard's types are made from.
COPY gateway/openapi.v1.json ../gateway/
RUN npm run bundle

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/root/.nuget/packages dotnet publish deploy/Node -c Release -p:SkipDashboard=true -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
COPY --from=dashboard /source/web/dist dashboard
COPY --chmod=755 deploy/containers/healthy /usr/local/bin/healthy
RUN mkdir --mode=1777 /data
# Addresses come from the settings alone. The proxy in front, which says who came, is named there too.
ENV ASPNETCORE_HTTP_PORTS= DOTNET_EnableDiagnostics=0 COORDINATION_DATA=/data
VOLUME /data
EXPOSE 8080 8081
USER $APP_UID
HEALTHCHECK --interval=5s --timeout=7s --start-period=60s --retries=3 CMD ["healthy", "8081"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "Coordination.Node.dll", "gateway"]
CMD ["--settings", "/run/secrets/settings"]
