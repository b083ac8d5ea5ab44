import cz.cesnet.cloud.occi.api.Authentication;
import cz.cesnet.cloud.occi.api.Client;
import cz.cesnet.cloud.occi.api.EntityBuilder;
import cz.cesnet.cloud.occi.api.exception.CommunicationException;
import cz.cesnet.cloud.occi.api.http.HTTPClient;
import cz.cesnet.cloud.occi.api.http.auth.BasicAuthentication;
import cz.cesnet.cloud.occi.core.ActionInstance;
import cz.cesnet.cloud.occi.core.Category;
import cz.cesnet.cloud.occi.core.Entity;
import cz.cesnet.cloud.occi.core.Link;
import cz.cesnet.cloud.occi.core.Mixin;
import cz.cesnet.cloud.occi.core.Resource;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One life of a machine with its disk and network, by jOCCI. Arguments: endpoint, media type, and perhaps user and
 * password. Prints a line per step, `step: what came of it`; a step that fails ends the program with the exception.
 */
public class Life {

    private static final String INFRASTRUCTURE = "http://schemas.ogf.org/occi/infrastructure#";
    private static final String COMPUTE_ACTION = "http://schemas.ogf.org/occi/infrastructure/compute/action#";
    private static final String KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJxXxQyFZfCRHFXFzBZpX8PCqTuxuNJXqbYOLgbHqKsq me@here";
    private static final String USER_DATA = "I2Nsb3VkLWNvbmZpZwo=";

    private final Client client;
    private final EntityBuilder builder;

    private Life(Client client) {
        this.client = client;
        this.builder = new EntityBuilder(client.getModel());
    }

    public static void main(String[] arguments) throws Exception {
        Authentication login = arguments.length > 2 ? new BasicAuthentication(arguments[2], arguments[3]) : null;
        Client client = new HTTPClient(URI.create(arguments[0]), login, arguments[1], true);
        said("connect", "ok");
        new Life(client).run();
    }

    private static void said(String step, Object what) {
        System.out.println(step + ": " + what);
    }

    private void run() throws Exception {
        said("kinds", termsOf(client.getModel().getKinds()));
        said("images", termsOf(client.getModel().findRelatedMixins("os_tpl")));
        said("sizes", termsOf(client.getModel().findRelatedMixins("resource_tpl")));
        Set<URI> before = listed(client.list());
        said("no links", listed(client.list("link")));

        Resource storage = builder.getResource("storage");
        storage.setTitle("data disk");
        storage.addAttribute("occi.storage.size", "2.0");
        URI disk = client.create(storage);
        said("storage", shown(disk, "occi.core.title", "occi.storage.size", "occi.storage.state"));

        Resource network = builder.getIPNetwork();
        // It writes a text of digits without quotes.
        network.setTitle("2024");
        network.addAttribute("occi.network.address", "10.20.30.0/24");
        network.addAttribute("occi.network.allocation", "dynamic");
        URI net = client.create(network);
        said("network", shown(net, "occi.core.title", "occi.network.address", "occi.network.state"));

        Resource compute = builder.getResource("compute");
        compute.setTitle("first machine");
        compute.addAttribute("occi.compute.hostname", "first");
        compute.addMixin(anyOf("os_tpl"));
        compute.addMixin(anyOf("resource_tpl"));
        compute.addMixin(mixin("http://schemas.openstack.org/compute/instance#user_data"));
        compute.addAttribute("org.openstack.compute.user_data", USER_DATA);
        compute.addMixin(mixin("http://schemas.openstack.org/instance/credentials#public_key"));
        compute.addAttribute("org.openstack.credentials.publickey.name", "mine");
        compute.addAttribute("org.openstack.credentials.publickey.data", KEY);
        URI machine = client.create(compute);
        said("compute", shown(machine, "occi.core.title", "occi.compute.hostname"));
        said("mixins", mixinsOf(machine));

        Set<URI> made = Set.of(disk, net, machine);
        said("list by term", listed(client.list("compute")).equals(Set.of(machine)));
        said("list by identifier", listed(client.list(URI.create(INFRASTRUCTURE + "compute"))).equals(Set.of(machine)));
        said("list all", listed(client.list()).containsAll(made));
        said("list entity", listed(client.list("entity")).equals(listed(client.list())));
        said("list resource", since(before, client.list("resource")).equals(made));
        said("describe by term", client.describe("compute").size());
        said("describe all", client.describe().size() == client.list().size());

        said("active", reaches(machine, "active"));
        said("stop", client.trigger(machine, action("stop")) && reaches(machine, "inactive"));
        said("start", client.trigger(machine, action("start")) && reaches(machine, "active"));

        // A cloud may give a machine links by itself.
        Set<URI> linked = listed(client.list("link"));
        int links = linksOf(machine).size();
        URI attached = client.create(link(builder.getLink("storagelink"), machine, disk));
        said("storagelink", shown(attached, "occi.core.source", "occi.core.target").equals(endsOf(machine, disk)));
        URI plugged = client.create(link(builder.getLink("networkinterface"), machine, net));
        said("networkinterface", shown(plugged, "occi.core.source", "occi.core.target").equals(endsOf(machine, net)));
        said("links of the machine", termsOf(linksOf(machine)).containsAll(Set.of("networkinterface", "storagelink")));
        said("list link", since(linked, client.list("link")).equals(Set.of(attached, plugged)));

        said("unlink", client.delete(attached) && client.delete(plugged));
        said("links left", linksOf(machine).size() - links);
        said("update", updated(machine));
        said("stop all", client.trigger("compute", action("stop")) && reaches(machine, "inactive"));
        said("delete", client.delete(machine) && client.delete(disk) && client.delete(net));
        said("left", since(before, client.list()));
    }

    /** What jOCCI lists; it reads an empty listing as one empty location. */
    private static Set<URI> listed(List<URI> locations) {
        return locations.stream().filter((at) -> !at.toString().isEmpty()).collect(Collectors.toSet());
    }

    private static Set<URI> since(Set<URI> before, List<URI> now) {
        Set<URI> left = listed(now);
        left.removeAll(before);
        return left;
    }

    private static TreeSet<String> termsOf(Collection<? extends Category> categories) {
        return categories.stream().map(Category::getTerm).collect(Collectors.toCollection(TreeSet::new));
    }

    private Mixin anyOf(String base) throws Exception {
        Mixin first = null;
        for (Mixin one : client.getModel().findRelatedMixins(base)) {
            if (first == null || one.getTerm().compareTo(first.getTerm()) < 0) {
                first = one;
            }
        }
        return first;
    }

    private Mixin mixin(String identifier) {
        return client.getModel().findMixin(URI.create(identifier));
    }

    private ActionInstance action(String term) throws Exception {
        return builder.getActionInstance(URI.create(COMPUTE_ACTION + term));
    }

    private static Link link(Link link, URI source, URI target) throws Exception {
        link.setSource(source.getPath());
        link.setTarget(target.getPath());
        return link;
    }

    private static String endsOf(URI source, URI target) {
        return "{occi.core.source=" + source.getPath() + ", occi.core.target=" + target.getPath() + "}";
    }

    private Entity only(URI location) throws Exception {
        List<Entity> described = client.describe(location);
        if (described.size() != 1) {
            throw new IllegalStateException(location + " is " + described.size() + " entities");
        }
        return described.get(0);
    }

    private String shown(URI location, String... names) throws Exception {
        Entity entity = only(location);
        Map<String, String> values = new TreeMap<>();
        for (String name : names) {
            values.put(name, entity.getValue(name));
        }
        return values.toString();
    }

    private TreeSet<String> mixinsOf(URI location) throws Exception {
        return termsOf(only(location).getMixins());
    }

    private List<Category> linksOf(URI location) throws Exception {
        List<Category> kinds = new ArrayList<>();
        for (Link link : ((Resource) only(location)).getLinks()) {
            kinds.add(link.getKind());
        }
        return kinds;
    }

    /**
     * Replaces the machine by what was read of it, with another title. What jOCCI makes of the answer: a location, or in
     * text/plain the exception that the entity is none.
     */
    private String updated(URI machine) throws Exception {
        Resource read = (Resource) only(machine);
        read.setKind(client.getModel().findKind("compute"));
        read.clearActions();
        read.removeAttribute("occi.compute.state");
        read.setTitle("renamed");
        String answer;
        try {
            answer = client.update(read).equals(machine) ? "ok" : "another location";
        } catch (CommunicationException exception) {
            answer = exception.getMessage().replaceAll(".*Exception: ([A-Za-z ]+:).*", "$1");
        }
        return answer + " " + shown(machine, "occi.core.title");
    }

    /** Looks again and again, for half a minute at most. */
    private boolean reaches(URI location, String state) throws Exception {
        for (int look = 0; look < 150; look++) {
            if (state.equals(only(location).getValue("occi.compute.state"))) {
                return true;
            }
            Thread.sleep(200);
        }
        return false;
    }
}
