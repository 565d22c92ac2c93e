# A node as a container. `docker build -t swim-orchestrator .` builds from source; `--target prebuilt` takes what
# `dotnet publish src/Swim.Cli -c Release -p:UseAppHost=false -o artifacts/publish` left. The root file system can be read-only: all
# that a node writes is in /data.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0

FROM ${RUNTIME_IMAGE} AS base
# Nobody of the host: a number, so that a platform which asks for a user that is not root can see that it is none.
RUN mkdir /data && chown 1654:1654 /data
# No diagnostics port: it is a file in /tmp, and a way in.
ENV SWIM_DATA=/data SWIM_BIND=0.0.0.0 DOTNET_EnableDiagnostics=0 DOTNET_CLI_TELEMETRY_OPTOUT=1
WORKDIR /data
USER 1654:1654
VOLUME /data
EXPOSE 7400/tcp 7401/tcp 7402/udp
# 0 as long as the node in this container has joined its cluster and serves.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["dotnet", "/app/swim.dll", "health", "--timeout", "4s"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "/app/swim.dll"]
CMD ["node"]

FROM base AS prebuilt
# The pattern may match nothing: builders that build every stage up to the target must get past this one.
COPY LICENSE artifacts/publis[h] /app/

FROM ${SDK_IMAGE} AS build
WORKDIR /src
COPY . .
RUN scripts/restore.sh && dotnet publish src/Swim.Cli -c Release --no-restore -p:UseAppHost=false -o /publish

FROM base AS final
COPY LICENSE /app/
COPY --from=build /publish /app/
