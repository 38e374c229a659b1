#!/bin/sh
# Joins three CouchDB nodes into one cluster, once; run by the service `cluster` of compose.yaml. A second time does nothing.
set -eu
first=http://couchdb-1:5984
ask() { curl --silent --show-error --user "$COUCHDB_USER:$COUCHDB_PASSWORD" --header 'content-type: application/json' "$@"; }

for node in couchdb-1 couchdb-2 couchdb-3; do
  until ask --fail --output /dev/null "http://$node:5984/_up" || ask "http://$node:5984/" | grep -q Welcome; do sleep 1; done
done
if ask "$first/_cluster_setup" | grep -q cluster_finished; then echo "The cluster is there."; exit 0; fi
login="\"username\": \"$COUCHDB_USER\", \"password\": \"$COUCHDB_PASSWORD\""
for node in couchdb-2 couchdb-3; do
  ask --fail "$first/_cluster_setup" --data "{\"action\": \"enable_cluster\", \"bind_address\": \"0.0.0.0\", $login,
    \"port\": 5984, \"node_count\": 3, \"remote_node\": \"$node\", \"remote_current_user\": \"$COUCHDB_USER\",
    \"remote_current_password\": \"$COUCHDB_PASSWORD\"}"
  ask --fail "$first/_cluster_setup" --data "{\"action\": \"add_node\", \"host\": \"$node.cluster\", \"port\": 5984, $login}"
done
ask --fail "$first/_cluster_setup" --data '{"action": "finish_cluster"}'
ask "$first/_membership"
