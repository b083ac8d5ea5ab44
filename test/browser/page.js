// What a page does, put into each before anything of its own: every way to send a request that a page has.
// A text/plain form makes `name=value` of a field.

const formOf = ({ url, name, value }) => {
  const form = document.createElement('form');
  Object.assign(form, { action: url, method: 'POST', enctype: 'text/plain' });
  const field = document.createElement('textarea');
  Object.assign(field, { name, value });
  form.append(field);
  return form;
};

const bodyOf = ({ name, value }) => `${name}=${value}\r\n`;

/** What the page can read of an answer: status and text, or that the browser gives it nothing. */
const readable = async (sent) => {
  try {
    const response = await sent;
    return { status: response.status, body: await response.text() };
  } catch {
    return 'nothing';
  }
};

const postText = (mode, shot) => {
  const headers = { 'Content-Type': 'text/plain' };
  return readable(fetch(shot.url, { method: 'POST', mode, credentials: 'include', headers, body: bodyOf(shot) }));
};

globalThis.page = {
  form(shot) {
    const form = formOf(shot);
    document.body.append(form);
    form.submit();
  },
  /** A frame without an origin; the form is carried into it as text. */
  sandboxed(shot) {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-forms allow-scripts');
    const form = formOf(shot);
    form.firstChild.textContent = shot.value;
    frame.srcdoc = `${form.outerHTML}<script>document.forms[0].submit()</script>`;
    document.body.append(frame);
  },
  unseen: (shot) => postText('no-cors', shot),
  seen: (shot) => postText('cors', shot),
  beacon(shot) {
    navigator.sendBeacon(shot.url, bodyOf(shot));
  },
  fetch: ({ url, method }) => readable(fetch(url, { method, credentials: 'include' })),
  /** Shows a URL as an image and in a frame; what the page can read of them. */
  async embed({ url }) {
    const image = new Image();
    const frame = document.createElement('iframe');
    const loaded = [image, frame].map(
      (element) => new Promise((resolve) => Object.assign(element, { onload: resolve, onerror: resolve, src: url })),
    );
    document.body.append(image, frame);
    await Promise.all(loaded);
    return { width: image.naturalWidth, text: frame.contentDocument?.body.textContent ?? 'nothing' };
  },
  leave({ url }) {
    location.assign(url);
  },
};
