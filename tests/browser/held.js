// Lets the first HELD events of every stream through; the rest wait until release() is called.
(() => {
  const plain = window.fetch;
  let open;
  const gate = new Promise((resolve) => (open = resolve));
  window.release = () => open();
  window.fetch = async (address, options) => {
    const response = await plain(address, options);
    if (!String(address).endsWith("/api/ask/stream") || !response.ok) return response;
    const events = (await response.text()).split(/(?<=\n\n)/);
    const bytes = (some) => new TextEncoder().encode(some.join(""));
    const body = new ReadableStream({
      async start(stream) {
        options.signal.addEventListener("abort", () => stream.error(options.signal.reason));
        stream.enqueue(bytes(events.slice(0, HELD)));
        await gate;
        stream.enqueue(bytes(events.slice(HELD)));
        stream.close();
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
})();
