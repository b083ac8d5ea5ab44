import { randomUUID } from 'node:crypto';
import { wholeMicros } from '../site.ts';
import type { Microversion } from './microversion.ts';
import type { Server } from './server.ts';
import type { NovaState } from './state.ts';

/** Notes what was asked of a server, as `os-instance-actions` shows it. */
export function record(state: NovaState, server: Server, action: string): void {
  const { site } = state;
  server.actions.push({ action, requestId: `req-${randomUUID()}`, start: site.now(), message: null });
}

/** Newest first. */
export const historyBody = (server: Server, version: Microversion): object => ({
  instanceActions: [...server.actions].reverse().map(({ action, requestId, start, message }) => ({
    action,
    instance_uuid: server.id,
    request_id: requestId,
    user_id: server.userId,
    project_id: server.projectId,
    start_time: wholeMicros(start),
    message,
    ...(version.has('2.58') && { updated_at: wholeMicros(server.updated) }),
  })),
});
