import { HttpTransportType, type HubConnection, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import type { LiveConnection } from './live';

/** A connection to the hub. It does not reconnect by itself: the live line decides when. */
export function hubConnection(): LiveConnection {
  const hub: HubConnection = new HubConnectionBuilder()
    .withUrl('/hubs/live', { transport: HttpTransportType.WebSockets, skipNegotiation: true })
    .configureLogging(LogLevel.None)
    .build();
  return {
    start: () => hub.start(),
    stop: () => hub.stop(),
    invoke: (method, ...args) => hub.invoke(method, ...args),
    on: (event, handler) => hub.on(event, handler),
    onClosed: (handler) => hub.onclose(handler),
  };
}
