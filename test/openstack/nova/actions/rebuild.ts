import { randomBytes } from 'node:crypto';
import { bad } from '../refusals.ts';
import { basicBody } from '../render.ts';
import { type Action, walk } from './action.ts';

export const rebuild: Action['run'] = (acting) => {
  const { state, server, value, version, origin } = acting;
  const { imageRef = '', name } = (value ?? {}) as { imageRef?: string; name?: string };
  const image = state.site.between.images.image(server.projectId, imageRef);
  if (!image) throw bad('Cannot find image for rebuild');
  const { vm } = server;
  server.imageId = image.id;
  if (name !== undefined) server.name = name;
  const power = vm === 'stopped' ? 4 : 1;
  const before = (): void => {
    server.launched = state.site.now();
    server.fault = undefined;
  };
  walk(acting, ['rebuilding', 'rebuild_block_device_mapping', 'rebuild_spawning'], {
    vm: vm === 'stopped' ? 'stopped' : 'active',
    power,
    before,
  });
  const view = { site: state.site, version, origin, isAdmin: false };
  const body = { server: { ...basicBody(view, server, false), adminPass: randomBytes(9).toString('base64url') } };
  return { status: 202, headers: { location: `${origin}/v2.1/servers/${server.id}` }, body };
};
