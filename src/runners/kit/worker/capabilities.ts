/**
 * The second and third lock. The wall is the box (opaque origin, its policy); here the worker's own global object loses
 * what reaches out of it, before any program runs.
 */
const REMOVED = [
  'fetch',
  'fetchLater',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebSocketError',
  'EventSource',
  'WebTransport',
  'importScripts',
  'Worker',
  'SharedWorker',
  'ServiceWorker',
  'ServiceWorkerContainer',
  'ServiceWorkerRegistration',
  'indexedDB',
  'caches',
  'Cache',
  'CacheStorage',
  'BroadcastChannel',
  'RTCPeerConnection',
  'RTCDataChannel',
  'navigator',
  'location',
  'postMessage',
  'close',
  'Request',
  'Response',
  'Notification',
  'FontFace',
  'fonts',
  'createImageBitmap',
  'OffscreenCanvas',
  'MessageChannel',
  'MessagePort',
  'MessageEvent',
  'FileReader',
  'FileReaderSync',
  'StorageManager',
  'PushManager',
  'trustedTypes',
  'webkitRequestFileSystem',
  'webkitRequestFileSystemSync',
  'webkitResolveLocalFileSystemURL',
  'webkitResolveLocalFileSystemSyncURL',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'reportError',
  'cookieStore',
  'onmessage',
  'onmessageerror',
  'onerror',
  'onrejectionhandled',
  'onunhandledrejection',
  'dispatchEvent',
  'addEventListener',
  'removeEventListener',
  'chrome',
  'browser',
  'URL',
  'Blob',
  'File',
  'IDBFactory',
  'FileSystemHandle',
  'FileSystemDirectoryHandle',
  'FileSystemFileHandle',
  'WorkerLocation',
  'WorkerNavigator',
  'GPU',
  'usb',
  'serial',
  'hid',
  'NetworkInformation',
  'PerformanceObserver',
  'ReportingObserver',
] as const;

/** Removes them from the global object and its prototypes; returns those that the browser would not let go. */
export function removeCapabilities(scope: object): string[] {
  const left: string[] = [];
  for (const name of REMOVED) {
    for (let at: object | null = scope; at; at = Object.getPrototypeOf(at) as object | null) {
      if (Object.hasOwn(at, name)) Reflect.deleteProperty(at, name);
    }
    if (name in scope) left.push(name);
  }
  return left;
}
