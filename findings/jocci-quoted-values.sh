#!/usr/bin/env bash
# jOCCI (Maven cz.cesnet.cloud:jocci-core 0.2.4): which quoted values of X-OCCI-Attribute it reads.
#
# A value with an escaped quote or backslash, `"of \"Alice\""`, is valid (RFC 9110 §5.6.4, quoted-pair: an escape by a
# backslash), in text/plain and in text/occi. jOCCI leaves such an attribute out, without an exception: the entity seems
# to have no title. In text/occi it does the same with a comma in the quotes, since it cuts the header at each comma.
# An empty listing in text/plain is not empty to it: it holds one location, the empty URI.
#
# So a program over jOCCI cannot tell "has no title" from "has a title with quotes", and must skip empty locations.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>jocci</artifactId>
  <version>0</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>cz.cesnet.cloud</groupId><artifactId>jocci-core</artifactId><version>0.2.4</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.7</version></dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version></plugin>
    </plugins>
  </build>
</project>
XML
mvn -q -B -C dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=jars >/dev/null

cat >Look.java <<'JAVA'
import com.sun.net.httpserver.Headers;
import cz.cesnet.cloud.occi.Collection;
import cz.cesnet.cloud.occi.parser.CollectionType;
import cz.cesnet.cloud.occi.parser.TextParser;

public class Look {
    static final String KIND = "compute; scheme=\"http://schemas.ogf.org/occi/infrastructure#\"; class=\"kind\"";
    static final String ID = "occi.core.id=\"urn:uuid:6fbd2f5e-51a8-4f4e-9f0d-6a4b0c9d6b11\"";

    static String title(Collection read) {
        return read.getResources().iterator().next().getTitle();
    }

    public static void main(String[] none) throws Exception {
        TextParser parser = new TextParser();
        for (String written : new String[] {"plain", "of \\\"Alice\\\"", "C:\\\\temp", "one, two"}) {
            String attribute = "occi.core.title=\"" + written + "\"";
            String body = "Category: " + KIND + "\nX-OCCI-Attribute: " + ID + "\nX-OCCI-Attribute: " + attribute;
            Headers headers = new Headers();
            headers.add("category", KIND);
            headers.add("x-occi-attribute", ID + "," + attribute);
            System.out.println(attribute
                + " text/plain: " + title(parser.parseCollection("text/plain", body, null, CollectionType.RESOURCE))
                + ", text/occi: " + title(parser.parseCollection("text/occi", "", headers, CollectionType.RESOURCE)));
        }
        System.out.println("locations in an empty listing: " + parser.parseLocations("text/plain", "", null).size());
    }
}
JAVA
javac -nowarn -cp 'jars/*' Look.java
seen="$(java -cp '.:jars/*' Look)"
echo "$seen"
expected='occi.core.title="plain" text/plain: plain, text/occi: plain
occi.core.title="of \"Alice\"" text/plain: null, text/occi: null
occi.core.title="C:\\temp" text/plain: null, text/occi: null
occi.core.title="one, two" text/plain: one, two, text/occi: null
locations in an empty listing: 1'
[ "$seen" = "$expected" ] || { echo "jOCCI behaves otherwise now; expected:"; echo "$expected"; exit 1; }
