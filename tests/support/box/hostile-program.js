// Everything a program could try to get out of its box, read other people's things, or reach our own pages. Evaluated as text
// with `target` = { http, https, ws, wss, udp, extension, tag, only } in scope; answers { route: 'what happened' }. Each route's
// request carries its own path, so that the server can tell which one got through. `only` names one route, or null: all but
// those that make workers of their own, because Firefox may never come back from `new Worker` in a worker.
(async () => {
  const seen = {};
  const isWorker = typeof document === 'undefined';
  const within = (promise, ms = 1200) =>
    Promise.race([promise, new Promise((done) => setTimeout(() => done('silent'), ms))]);
  const tries = [];
  const makesWorker = /^nested-worker-|^extension-worker$/;
  const attempt = (route, run) => {
    if (target.only === null ? makesWorker.test(route) : route !== target.only) return;
    tries.push(
      (async () => {
        try {
          seen[route] = String(await within(Promise.resolve().then(run)));
        } catch (error) {
          seen[route] = `refused: ${error?.name ?? error}`;
        }
      })(),
    );
  };
  const at = (route, base = target.http) => `${base}/${target.tag}/${route}`;
  const loaded = (element) =>
    new Promise((done) => {
      element.onload = () => done('LOADED');
      element.onerror = () => done('error');
      document.documentElement.append(element);
    });
  const opened = (socket) =>
    new Promise((done) => {
      socket.onopen = () => done('OPEN');
      socket.onerror = () => done('error');
    });
  const fromWorker = (worker) =>
    new Promise((done) => {
      worker.onmessage = (event) => done(`RAN ${event.data}`);
      worker.onerror = () => done('error');
    });
  const blobUrl = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const asData = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
  const fetcher = (route) =>
    `fetch(${JSON.stringify(at(route))},{mode:'no-cors'}).then(()=>postMessage('NET'),()=>postMessage('no net'))`;

  // network
  attempt('fetch', async () => (await fetch(at('fetch'))).status);
  attempt('fetch-https', async () => (await fetch(at('fetch-https', target.https), { mode: 'no-cors' })).type);
  attempt('fetch-no-cors', async () => (await fetch(at('fetch-no-cors'), { mode: 'no-cors' })).type);
  attempt(
    'fetch-keepalive',
    async () =>
      (await fetch(at('fetch-keepalive'), { keepalive: true, method: 'POST', mode: 'no-cors', body: 'x' })).type,
  );
  attempt('fetch-later', () =>
    typeof fetchLater === 'function' ? (fetchLater(at('fetch-later'), { activateAfter: 0 }), 'QUEUED') : 'absent',
  );
  attempt(
    'xhr',
    () =>
      new Promise((done) => {
        const request = new XMLHttpRequest();
        request.open('GET', at('xhr'));
        request.onload = () => done(request.status);
        request.onerror = () => done('error');
        request.send();
      }),
  );
  attempt('xhr-sync', () => {
    const request = new XMLHttpRequest();
    request.open('GET', at('xhr-sync'), false);
    request.send();
    return request.status;
  });
  attempt('websocket', () => opened(new WebSocket(at('websocket', target.ws))));
  attempt('websocket-secure', () => opened(new WebSocket(at('websocket-secure', target.wss))));
  attempt('websocket-stream', async () => {
    await new WebSocketStream(at('websocket-stream', target.ws)).opened;
    return 'OPEN';
  });
  attempt('web-transport', async () => {
    await new WebTransport(`https://127.0.0.1:${target.udp}/`).ready;
    return 'READY';
  });
  attempt('event-source', () => opened(new EventSource(at('event-source'))));
  attempt('beacon', () => navigator.sendBeacon(at('beacon'), 'x'));
  attempt('import', async () => (await import(at('import')), 'LOADED'));
  attempt(
    'import-data-remote',
    async () => (await import(asData(`import ${JSON.stringify(at('import-data-remote'))}`)), 'LOADED'),
  );
  attempt('import-scripts', () => (importScripts(at('import-scripts')), 'LOADED'));
  attempt(
    'import-scripts-blob',
    () => (importScripts(blobUrl(`importScripts(${JSON.stringify(at('import-scripts-blob'))})`)), 'LOADED'),
  );
  attempt('webrtc', async () => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${target.udp}` }] });
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
    await new Promise((done) => setTimeout(done, 500));
    return 'OFFERED';
  });
  attempt('nested-worker-data', () => fromWorker(new Worker(asData(fetcher('nested-worker-data')))));
  attempt('nested-worker-blob', () => fromWorker(new Worker(blobUrl(fetcher('nested-worker-blob')))));
  attempt('nested-worker-module', () =>
    fromWorker(new Worker(blobUrl(fetcher('nested-worker-module')), { type: 'module' })),
  );
  attempt('nested-worker-twice', () =>
    fromWorker(
      new Worker(
        blobUrl(
          `const w=new Worker(URL.createObjectURL(new Blob([${JSON.stringify(fetcher('nested-worker-twice'))}])));w.onmessage=(e)=>postMessage(e.data)`,
        ),
      ),
    ),
  );
  attempt('nested-worker-remote', () => fromWorker(new Worker(at('nested-worker-remote'))));
  attempt('nested-worker-import', () =>
    fromWorker(
      new Worker(
        blobUrl(
          `try{importScripts(${JSON.stringify(at('nested-worker-import'))});postMessage('NET')}catch{postMessage('no net')}`,
        ),
      ),
    ),
  );
  attempt('shared-worker', () => (new SharedWorker(blobUrl(fetcher('shared-worker'))), 'MADE'));
  attempt('service-worker', async () => (await navigator.serviceWorker.register(at('service-worker')), 'REGISTERED'));
  if (isWorker) attempt('self-navigation', () => ((location.href = at('self-navigation')), 'set'));
  attempt('font-face', async () => (await new FontFace('x', `url(${at('font-face')})`).load(), 'LOADED'));
  attempt('wasm-streaming', async () => (await WebAssembly.compileStreaming(fetch(at('wasm-streaming'))), 'LOADED'));
  attempt(
    'offscreen-image',
    async () => (await createImageBitmap(await (await fetch(at('offscreen-image'))).blob()), 'LOADED'),
  );
  attempt('csp-report', async () => (await fetch('data:text/plain,x'), 'data read'));
  attempt('open-window', () => String(open(at('open-window'))));

  // the extension and its storage
  attempt('extension-file', async () => (await fetch(`${target.extension}/manifest.json`)).status);
  attempt('extension-worker', () => fromWorker(new Worker(`${target.extension}/host.js`)));
  attempt('extension-api', () =>
    [typeof chrome, typeof globalThis.chrome?.runtime?.id, typeof globalThis.browser?.runtime].join(),
  );
  attempt('extension-message', async () => (await globalThis.chrome.runtime.sendMessage('x'), 'SENT'));
  attempt(
    'indexeddb',
    () =>
      new Promise((done) => {
        const request = indexedDB.open('canary');
        request.onsuccess = () => done('OPEN');
        request.onerror = () => done('error');
      }),
  );
  attempt('indexeddb-list', async () => JSON.stringify(await indexedDB.databases()));
  attempt('caches', async () => (await caches.open('canary'), 'OPEN'));
  attempt('opfs', async () => (await navigator.storage.getDirectory(), 'OPEN'));
  attempt('storage-buckets', async () => (await navigator.storageBuckets.open('x'), 'OPEN'));
  attempt('local-storage', () => localStorage.getItem('canary'));
  attempt('cookie-store', async () => JSON.stringify(await cookieStore.getAll()));
  attempt(
    'broadcast-channel',
    () =>
      new Promise((done) => {
        const channel = new BroadcastChannel('canary');
        channel.onmessage = (event) => done(`HEARD ${event.data}`);
        channel.postMessage(`from ${target.tag}`);
      }),
  );
  attempt('locks', async () => await navigator.locks.request('canary', () => 'GOT'));
  attempt('locks-query', async () => JSON.stringify(await navigator.locks.query()));
  attempt('file-system-api', () => (webkitRequestFileSystemSync(0, 1), 'OPEN'));
  attempt('parent-document', () => parent.document.title);
  attempt(
    'parent-post',
    () => (
      parent.postMessage({ op: 'chatgpt-companion:box-ready', hasSharedMemory: true }, '*'), isWorker ? 'POSTED' : 'n/a'
    ),
  );
  attempt('clipboard', async () => `READ ${await navigator.clipboard.readText()}`);
  attempt(
    'geolocation',
    () =>
      new Promise((done) =>
        navigator.geolocation.getCurrentPosition(
          () => done('GOT'),
          () => done('error'),
        ),
      ),
  );
  attempt('notification', async () => `permission ${await Notification.requestPermission()}`);
  attempt('usb', async () => `devices ${(await navigator.usb.getDevices()).length}`);
  attempt('serial', async () => `ports ${(await navigator.serial.getPorts()).length}`);
  attempt('hid', async () => `devices ${(await navigator.hid.getDevices()).length}`);
  attempt('credentials', async () => `GOT ${await navigator.credentials.get({ password: true })}`);
  attempt('origin', () => `${self.origin}`);

  if (!isWorker) {
    attempt('image', () => loaded(Object.assign(new Image(), { src: at('image') })));
    attempt('script-element', () =>
      loaded(Object.assign(document.createElement('script'), { src: at('script-element') })),
    );
    attempt('frame', () => loaded(Object.assign(document.createElement('iframe'), { src: at('frame') })));
  }
  await Promise.all(tries);
  return seen;
})();
