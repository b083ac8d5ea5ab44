import { type Event, tells } from '../story.ts';

const NET = '85428bbd-c7c2-4129-bb6f-0743d23512cb';
const SECOND = '65f2c2b5-93f9-404e-8d66-289b327b840f';
const SECOND_SUBNET = 'dff43516-710e-4312-b093-7153153ca777';
const FLOATING = '4c9a8f20-6c7d-431e-a511-758e211971f1';
const SERVER = 'c5247107-5f3a-4aad-a177-5a9dcb685b04';
const OTHER_SERVER = 'c84edb9b-cdfb-45d0-9880-b009ce91436b';

/** Makes a port as Nova does, under its recorded id; bound to a server. */
const plugged =
  (id: string, networkId: string, serverId: string): Event =>
  ({ stand: { site }, translated }) => {
    const project = site.people.projectNamed('alpha')!.id;
    site.ids.expect(id);
    const port = site.between.ports.create(project, { networkId: translated(networkId) });
    if (typeof port === 'string') throw new Error(port);
    site.between.ports.bind(port.id, serverId, 'nova');
  };
