// Calls of OpenStack's own API, as a client of the field makes them: with a token, to what the catalogue names.

const LOGIN = '/auth/tokens';

const answerOf = async (response) => {
  const text = await response.text();
  const isJson = /^application\/json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
};

/**
 * Logs in with a password, for a project.
 * @param {string} keystone URL of Keystone, with its version
 * @param {{ name: string, password: string, project: string, domain?: string }} user
 * @throws {Error} where Keystone refuses
 */
export const login = async (keystone, { name, password, project, domain = 'Default' }) => {
  const user = { name, password, domain: { name: domain } };
  const identity = { methods: ['password'], password: { user } };
  const scope = { project: { name: project, domain: { name: domain } } };
  const response = await fetch(`${keystone}${LOGIN}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ auth: { identity, scope } }),
  });
  const { status, body } = await answerOf(response);
  if (status !== 201) throw new Error(`The login of ${name} is refused with ${status}`);
  const token = response.headers.get('x-subject-token');
  const endpoints = new Map([['identity', keystone]]);
  for (const { type, endpoints: all } of body.token.catalog ?? []) {
    if (type !== 'identity') endpoints.set(type, all.find((one) => one.interface === 'public').url);
  }

  /** One call to a service of the catalogue, by its type. A body that is a Buffer is sent as it is. */
  const call = async (type, method, path, content, headers = {}) => {
    const isBytes = Buffer.isBuffer(content);
    const response = await fetch(`${endpoints.get(type)}${path}`, {
      method,
      headers: {
        'X-Auth-Token': token,
        Accept: 'application/json',
        ...(content && { 'Content-Type': isBytes ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(content && { body: isBytes ? content : JSON.stringify(content) }),
    });
    return await answerOf(response);
  };
  return {
    token,
    userId: body.token.user.id,
    projectId: body.token.project.id,
    call,
    /** The body of an answer. @throws {Error} where the call is refused */
    ask: async (type, method, path, ...rest) => {
      const { status, body } = await call(type, method, path, ...rest);
      if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(body).slice(0, 400)}`);
      return body;
    },
  };
};
