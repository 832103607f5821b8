// Everything a program could try to get out of its box, read other people's things, or reach our own pages. Evaluated as text
// with `target` = { http, https, ws, wss, stun, quic, extension, tag, only }, `told` and `enough` in scope; answers { route: how
// it ended }: `OPEN …` where it led somewhere, else `refused: …` with the error that it met, or `silent` where it had not ended
// when the promise `enough` did. `told(route, how)` hears each end as it comes. Each route's request carries its own path, so
// that the server can tell which one got through. `only` names one route, or null: all but those of target.alone, which end the
// place they run in or never come back from it.
(async () => {
  const seen = {};
  const tries = [];
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  /** A refusal that the browser tells by an event or an answer, and not by an error. */
  const refuse = (what) => {
    throw Object.assign(new Error(what), { name: 'Refusal' });
  };
  /** Something of the global object by its path; that it is not there is an end of its own, which no misspelling can pass for. */
  const need = (path) => {
    let at = globalThis;
    for (const name of path.split('.')) at = at?.[name];
    if (at === undefined || at === null) throw Object.assign(new Error(path), { name: 'Absent' });
    return at;
  };
  const make = (path, ...all) => new (need(path))(...all);
  const tell = (error) => {
    const isOfTheLanguage = error instanceof SyntaxError || error instanceof ReferenceError;
    return `refused: ${isOfTheLanguage ? 'BROKEN ' : ''}${error?.name ?? typeof error}: ${error?.message ?? error}`;
  };
  const attempt = (route, run) => {
    if (target.only === null ? target.alone.includes(route) : route !== target.only) return;
    const ended = (async () => {
      try {
        return `OPEN ${await run()}`;
      } catch (error) {
        return tell(error);
      }
    })();
    const isOver = Promise.race([ended, enough.then(() => 'silent')]);
    tries.push(isOver.then((how) => told(route, (seen[route] = how))));
  };
  const at = (route, base = target.http) => `${base}/${target.tag}/${route}`;
  /** Sent where no answer comes back: only the server knows. */
  const blind = async () => {
    await pause(300);
    refuse('sent, no answer');
  };
  const opened = (socket) =>
    new Promise((done, fail) => {
      socket.onopen = () => done('socket');
      socket.onerror = () => fail(Object.assign(new Error('error event'), { name: 'Refusal' }));
    });
  const loaded = (element) =>
    new Promise((done, fail) => {
      element.onload = () => done('loaded');
      element.onerror = () => fail(Object.assign(new Error('error event'), { name: 'Refusal' }));
      need('document').documentElement.append(element);
    });
  const element = (name, properties) => {
    const made = need('document').createElement(name);
    return Object.assign(made, properties);
  };
  /** What a worker says of its own try: 'NET', or the error it met. */
  const fromWorker = (worker) =>
    new Promise((done, fail) => {
      const end = (what) => fail(Object.assign(new Error(what), { name: 'Refusal' }));
      worker.onmessage = ({ data }) => (data === 'NET' ? done('worker with net') : end(`worker without net: ${data}`));
      worker.onerror = () => end('error event');
    });
  const blobUrl = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const asData = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
  const fetcher = (route) =>
    `fetch(${JSON.stringify(at(route))},{mode:'no-cors'}).then(()=>postMessage('NET'),(error)=>postMessage(error.name))`;
  const importer = (route) =>
    `try{importScripts(${JSON.stringify(at(route))});postMessage('NET')}catch(error){postMessage(error.name)}`;

  // network
  attempt('fetch', async () => (await fetch(at('fetch'))).status);
  attempt('fetch-https', async () => (await fetch(at('fetch-https', target.https), { mode: 'no-cors' })).type);
  attempt('fetch-no-cors', async () => (await fetch(at('fetch-no-cors'), { mode: 'no-cors' })).type);
  attempt('fetch-keepalive', async () => {
    const options = { keepalive: true, method: 'POST', mode: 'no-cors', body: 'x' };
    return (await fetch(at('fetch-keepalive'), options)).type;
  });
  attempt('fetch-later', () => (need('fetchLater')(at('fetch-later'), { activateAfter: 0 }), blind()));
  attempt('fetch-data', async () => (await fetch('data:text/plain,x')).status);
  attempt('xhr', () => {
    const request = make('XMLHttpRequest');
    return new Promise((done, fail) => {
      request.open('GET', at('xhr'));
      request.onload = () => done(request.status);
      request.onerror = () => fail(Object.assign(new Error('error event'), { name: 'Refusal' }));
      request.send();
    });
  });
  attempt('xhr-sync', () => {
    const request = make('XMLHttpRequest');
    request.open('GET', at('xhr-sync'), false);
    request.send();
    return request.status;
  });
  attempt('websocket', () => opened(make('WebSocket', at('websocket', target.ws))));
  attempt('websocket-secure', () => opened(make('WebSocket', at('websocket-secure', target.wss))));
  attempt('websocket-stream', () => make('WebSocketStream', at('websocket-stream', target.ws)).opened);
  attempt('web-transport', () => make('WebTransport', `https://127.0.0.1:${target.quic}/`).ready);
  attempt('webrtc', async () => {
    const peer = make('RTCPeerConnection', { iceServers: [{ urls: `stun:127.0.0.1:${target.stun}` }] });
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
    // Waited for, since a peer that nobody waits for may be collected before its packet is sent.
    await new Promise((done) => {
      peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done();
    });
    return blind();
  });
  attempt('event-source', () => opened(make('EventSource', at('event-source'))));
  attempt('beacon', () => (need('navigator.sendBeacon').call(navigator, at('beacon'), 'x'), blind()));
  attempt('font-face', async () => (await make('FontFace', 'x', `url(${at('font-face')})`).load()).status);
  attempt('wasm-streaming', () => WebAssembly.compileStreaming(fetch(at('wasm-streaming'))));
  attempt('offscreen-image', async () => createImageBitmap(await (await fetch(at('offscreen-image'))).blob()));

  // code from elsewhere
  attempt('import', () => import(at('import')));
  attempt('import-data-remote', () => import(asData(`import ${JSON.stringify(at('import-data-remote'))}`)));
  attempt('import-scripts', () => (need('importScripts')(at('import-scripts')), 'loaded'));
  attempt('import-scripts-blob', () => {
    need('importScripts')(blobUrl(`importScripts(${JSON.stringify(at('import-scripts-blob'))})`));
    return 'loaded';
  });
  attempt('nested-worker-data', () => fromWorker(make('Worker', asData(fetcher('nested-worker-data')))));
  attempt('nested-worker-blob', () => fromWorker(make('Worker', blobUrl(fetcher('nested-worker-blob')))));
  attempt('nested-worker-module', () =>
    fromWorker(make('Worker', blobUrl(fetcher('nested-worker-module')), { type: 'module' })),
  );
  attempt('nested-worker-twice', () => {
    const inner = `URL.createObjectURL(new Blob([${JSON.stringify(fetcher('nested-worker-twice'))}]))`;
    const outer = `const w=new Worker(${inner});w.onmessage=(e)=>postMessage(e.data);w.onerror=()=>postMessage('error event')`;
    return fromWorker(make('Worker', blobUrl(outer)));
  });
  attempt('nested-worker-remote', () => fromWorker(make('Worker', at('nested-worker-remote'))));
  attempt('nested-worker-import', () => fromWorker(make('Worker', blobUrl(importer('nested-worker-import')))));
  attempt('shared-worker', () => (make('SharedWorker', blobUrl(fetcher('shared-worker'))), blind()));
  attempt('service-worker', async () => {
    await need('navigator.serviceWorker').register(at('service-worker'));
    return 'registered';
  });

  // ways that need a document
  attempt('image', () => loaded(element('img', { src: at('image') })));
  attempt('script-element', () => loaded(element('script', { src: at('script-element') })));
  attempt('style-sheet', () => loaded(element('link', { rel: 'stylesheet', href: at('style-sheet') })));
  attempt('prefetch', () => loaded(element('link', { rel: 'prefetch', href: at('prefetch') })));
  attempt('preload', () => loaded(element('link', { rel: 'preload', as: 'fetch', href: at('preload') })));
  attempt('video', () => loaded(element('video', { preload: 'auto', src: at('video') })));
  attempt('frame', () => loaded(element('iframe', { src: at('frame') })));
  attempt('frame-text', () => loaded(element('iframe', { srcdoc: `<img src="${at('frame-text')}">` })));
  attempt('speculation', () => {
    const rules = { prefetch: [{ source: 'list', urls: [at('speculation')], eagerness: 'immediate' }] };
    need('document').head.append(element('script', { type: 'speculationrules', textContent: JSON.stringify(rules) }));
    return blind();
  });
  attempt('ping', () => {
    const link = element('a', { href: '#ping', ping: at('ping') });
    need('document').body.append(link);
    link.click();
    return blind();
  });
  attempt('open-window', () => (need('open')(at('open-window')), blind()));
  attempt('self-navigation', () => ((location.href = at('self-navigation')), blind()));
  attempt('top-navigation', () => ((need('top').location = at('top-navigation')), blind()));
  attempt('meta-refresh', () => {
    const meta = element('meta', { httpEquiv: 'refresh', content: `0; url=${at('meta-refresh')}` });
    need('document').head.append(meta);
    return blind();
  });
  attempt('form', () => {
    const form = element('form', { action: at('form'), method: 'post' });
    need('document').body.append(form);
    form.submit();
    return blind();
  });
  attempt('cookies', () => `${need('document').cookie.includes('canary') ? need('document').cookie : refuse('none')}`);

  // the extension and its storage
  attempt('extension-file', async () => (await fetch(`${target.extension}/manifest.json`)).status);
  attempt('extension-worker', () => fromWorker(make('Worker', `${target.extension}/net.js`)));
  attempt('extension-api', () => (globalThis.browser ?? need('chrome')).runtime?.id ?? need('chrome.runtime.id'));
  attempt('extension-message', () => (globalThis.browser ?? need('chrome')).runtime.sendMessage('x'));
  attempt('indexeddb', async () => {
    const request = need('indexedDB').open('canary');
    const database = await new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
    const kept = database.transaction('s').objectStore('s').get('k');
    return new Promise((done) => (kept.onsuccess = () => done(kept.result)));
  });
  attempt('indexeddb-list', async () => JSON.stringify(await need('indexedDB').databases()));
  attempt('caches', async () => {
    const cache = await need('caches').open('canary');
    return (await (await cache.match('https://canary.invalid/'))?.text()) ?? 'opened';
  });
  attempt('opfs', async () => {
    const names = [];
    for await (const name of (await need('navigator.storage').getDirectory()).keys()) names.push(name);
    return names;
  });
  attempt('storage-buckets', async () => (await need('navigator.storageBuckets').open('canary')).name);
  attempt('local-storage', () => need('localStorage').getItem('canary'));
  attempt('cookie-store', async () => JSON.stringify(await need('cookieStore').getAll()));
  attempt('broadcast-channel', () => {
    const channel = make('BroadcastChannel', 'canary');
    channel.postMessage(`from ${target.tag}`);
    // What this program says elsewhere is nothing planted.
    return new Promise((done) => (channel.onmessage = ({ data }) => data.startsWith('from ') || done(data)));
  });
  attempt('locks', () =>
    need('navigator.locks').request('canary', { ifAvailable: true }, (lock) => lock?.name ?? 'held'),
  );
  attempt('locks-query', async () => JSON.stringify(await need('navigator.locks').query()));
  attempt('file-system-api', () => need('webkitRequestFileSystemSync').call(globalThis, 0, 1).name);
  attempt('parent-document', () => need('parent').document.title);
  attempt('parent-eval', () => need('parent').eval('document.title'));
  attempt('parent-post', () => {
    need('parent').postMessage({ op: 'chatgpt-companion:box-ready', hasSharedMemory: true }, '*');
    return 'posted';
  });
  attempt('origin', () => (self.origin === 'null' ? refuse('opaque') : self.origin));

  // the device
  attempt('clipboard', () => need('navigator.clipboard').readText());
  attempt('geolocation', () => {
    const geolocation = need('navigator.geolocation');
    return new Promise((done, fail) => geolocation.getCurrentPosition(done, (error) => fail(error)));
  });
  attempt('notification', async () => {
    const said = await need('Notification.requestPermission').call(Notification);
    return said === 'granted' ? said : refuse(said);
  });
  attempt('usb', async () => (await need('navigator.usb').getDevices()).length);
  attempt('serial', async () => (await need('navigator.serial').getPorts()).length);
  attempt('hid', async () => (await need('navigator.hid').getDevices()).length);
  attempt('credentials', () => need('navigator.credentials').get({ password: true }));
  await Promise.all(tries);
  return seen;
})();
