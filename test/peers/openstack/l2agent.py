"""l2agent.py [option of Neutron]...: what an Open vSwitch agent says to Neutron, and no switch.

It reports itself alive on the host that Nova's fake driver runs on, and each port bound there as up.
"""

import sys
import time

import sqlalchemy
from neutron.agent import rpc
from neutron.common import config
from neutron.conf.agent import common as agent_options
from neutron_lib import context
from neutron_lib.agent import topics
from oslo_config import cfg
from oslo_db import options as database_options

HOST = "fake1"
REPORT_SECONDS = 30
LOOK_SECONDS = 0.3
BOUND = sqlalchemy.text(
    "SELECT ports.id FROM ports JOIN ml2_port_bindings AS bindings ON bindings.port_id = ports.id"
    " WHERE bindings.host = :host AND bindings.status = 'ACTIVE' AND ports.status <> 'ACTIVE' LIMIT 200"
)

config.register_common_config_options()
agent_options.register_agent_state_opts_helper(cfg.CONF)
config.init(sys.argv[1:])
database_options.set_defaults(cfg.CONF)
admin = context.get_admin_context_without_session()
database = sqlalchemy.create_engine(cfg.CONF.database.connection, pool_pre_ping=True)
reports, plugin = rpc.PluginReportStateAPI(topics.REPORTS), rpc.PluginApi(topics.PLUGIN)
state = {
    "binary": "neutron-openvswitch-agent",
    "host": HOST,
    "topic": "N/A",
    "agent_type": "Open vSwitch agent",
    "configurations": {
        "bridge_mappings": {},
        "tunnel_types": ["vxlan"],
        "datapath_type": "system",
        "ovs_capabilities": {"datapath_types": [], "iface_types": []},
        "vhostuser_socket_dir": "",
    },
    "start_flag": True,
}

next_report = 0.0
while True:
    try:
        if time.monotonic() >= next_report:
            reports.report_state(admin, state)
            state.pop("start_flag", None)
            next_report = time.monotonic() + REPORT_SECONDS
        with database.connect() as connection:
            ports = list(connection.execute(BOUND, {"host": HOST}).scalars())
        if ports:
            plugin.update_device_list(admin, ports, [], f"ovs-agent-{HOST}", HOST)
    except Exception as error:  # Neutron may start later, or answer late.
        print(repr(error)[:300], flush=True)
        time.sleep(1)
    time.sleep(LOOK_SECONDS)
