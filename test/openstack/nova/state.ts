import type { Site } from '../site.ts';
import type { Server } from './server.ts';

export interface Flavor {
  readonly id: string;
  readonly name: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
  readonly extraSpecs?: Readonly<Record<string, string>>;
}

export interface KeyPair {
  readonly name: string;
  readonly userId: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly created: number;
  readonly id: number;
}

export interface Quota {
  cores: number;
  ram: number;
  instances: number;
  readonly key_pairs: number;
  readonly metadata_items: number;
}

/** Everything that one Nova keeps. */
export class NovaState {
  readonly servers = new Map<string, Server>();
  readonly flavors = new Map<string, Flavor>();
  /** By user and name: key pairs belong to a user, not to a project. */
  readonly keyPairs = new Map<string, KeyPair>();
  readonly zones = ['nova'];
  /** The largest server that a host takes: a larger one goes into ERROR. */
  readonly host = { vcpus: 32, ramMib: 131_072 };
  private readonly byProject = new Map<string, Server[]>();
  private readonly quotas = new Map<string, Quota>();
  private nextKeyPair = 1;

  constructor(readonly site: Site) {}

  add(server: Server): void {
    this.servers.set(server.id, server);
    const own = this.byProject.get(server.projectId) ?? [];
    own.push(server);
    this.byProject.set(server.projectId, own);
  }

  /** Removes a server as if it had never been. */
  forget(server: Server): void {
    this.servers.delete(server.id);
    const own = this.byProject.get(server.projectId) ?? [];
    own.splice(own.indexOf(server), 1);
  }

  /** Of a project, oldest first, with those that are deleted. */
  ofProject(projectId: string): readonly Server[] {
    return this.byProject.get(projectId) ?? [];
  }

  quotaOf(projectId: string): Quota {
    let quota = this.quotas.get(projectId);
    if (!quota) {
      quota = { cores: 40, ram: 102_400, instances: 20, key_pairs: 100, metadata_items: 128 };
      this.quotas.set(projectId, quota);
    }
    return quota;
  }

  /** Cores, MiB and servers that a project uses; during a resize the larger of both sizes counts. */
  usedBy(projectId: string): { readonly cores: number; readonly ram: number; readonly instances: number } {
    let [cores, ram, instances] = [0, 0, 0];
    for (const server of this.ofProject(projectId)) {
      if (server.isGone) continue;
      instances += 1;
      cores += Math.max(server.flavor.vcpus, server.otherFlavor?.vcpus ?? 0);
      ram += Math.max(server.flavor.ramMib, server.otherFlavor?.ramMib ?? 0);
    }
    return { cores, ram, instances };
  }

  nextKeyPairId(): number {
    return this.nextKeyPair++;
  }
}
