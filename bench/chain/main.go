// chain N: fills the parts that parts/run started with N deployed contracts, as a chain and this program leave them,
// and serves a gateway that lists their functions and secrets until it is ended. N containers would not fit on one
// machine; every other part is the real one. Objects are written as files, which is what disk and S3 hold here.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const mediaType = "application/vnd.oci.image.manifest.v1+json"

type contract struct{ id, kind, key, digest string }

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	count, err := strconv.Atoi(os.Args[1])
	check(err)
	folders := []string{os.Args[2], os.Getenv("PARTS_S3_FOLDER")}
	registry := "http://" + os.Getenv("PARTS_REGISTRY") + "/v2/customer-contracts/"
	blob := upload(registry, []byte(`{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}`))
	redis, search := dial("PARTS_REDIS"), dial("PARTS_REDISEARCH")
	search.send("FT.CREATE", "sc", "SCHEMA", "sc_name", "TAG")
	var contracts []contract
	for i := range count {
		c := contract{
			id:   fmt.Sprintf("%08x-0a4e-4a55-9f0b-6c0f9a1a2b3c", i),
			kind: fmt.Sprintf("type-%d", i),
			key:  "SC_" + letters(i),
		}
		c.digest = manifest(registry, blob, c.id)
		for _, folder := range folders {
			store(folder, c)
		}
		redis.send("HSET", "scheduler:params", c.id, schedule(c))
		search.send("FT.ADD", "sc", c.id, "1.0", "FIELDS", "sc_name", c.kind)
		contracts = append(contracts, c)
	}
	serve(contracts)
}

func letters(i int) string {
	text := []byte("AAAAAAAAAAAA")
	for at := len(text) - 1; i > 0; at, i = at-1, i/26 {
		text[at] = byte('A' + i%26)
	}
	return string(text)
}

func image(c contract) string {
	return os.Getenv("PARTS_REGISTRY") + "/customer-contracts@" + c.digest
}

func store(folder string, c contract) {
	text := func(value any) string { b, err := json.Marshal(value); check(err); return string(b) }
	env := map[string]string{"STAGE": "dev", "INTERNAL_ID": "bench", "SMART_CONTRACT_ID": c.id, "SMART_CONTRACT_NAME": c.kind}
	names := []string{"api-token", "secret-key", "auth-key-id"}
	write(folder, "SMARTCONTRACT/"+c.id+"/metadata.json", fmt.Sprintf(
		`{"dcrn":"SmartContract::L1::AtRest","version":"1","txn_type":%q,"id":%q,"status":{"state":"active","msg":"","timestamp":"2026-01-02 03:04:05"},`+
			`"image":"docker.io/acme/currency:1","auth_key_id":%q,"image_digest":%q,"cmd":"node","args":["index.js"],"env":%s,`+
			`"existing_secrets":%s,"cron":null,"seconds":30,"execution_order":"serial"}`,
		c.kind, c.id, c.key, c.digest, text(env), text(names)))
	write(folder, "SMARTCONTRACT/"+c.id+"/faas_spec.json", text(function(c)))
	for i := range 5 {
		write(folder, fmt.Sprintf("SMARTCONTRACT/%s/HEAP/%d", c.id, i), "1")
	}
	write(folder, "KEYS/"+c.key, fmt.Sprintf(`{"version":"1","key_id":%q,"key":"none","registration_time":1}`, c.key))
	write(folder, "TRANSACTION_TYPES/TYPES/"+c.kind, fmt.Sprintf(`{"version":"2","txn_type":%q,"custom_indexes":[],"contract_id":%q}`, c.kind, c.id))
	write(folder, "CONTRACT_BUILDER/JOURNAL/"+c.id+".json", fmt.Sprintf(
		`{"version":"1","contract":%q,"type":%q,"identity":"0","action":"create","transaction_id":%q,"state":"done","started":"2026-01-02T03:04:05Z",`+
			`"ended":"2026-01-02T03:04:06Z","message":"","decisions":{"api_key_id":%q,"function":"untouched"},"deployed":null,"steps":[],"warnings":[]}`,
		c.id, c.kind, c.id, c.key))
}

func write(folder, key, text string) {
	file := filepath.Join(folder, key)
	check(os.MkdirAll(filepath.Dir(file), 0o755))
	check(os.WriteFile(file, []byte(text), 0o644))
}

func schedule(c contract) string {
	return fmt.Sprintf(`{"contract_id":%q,"txn_type":%q,"execution_order":"serial","cron":null,"seconds":30}`, c.id, c.kind)
}

func secrets(c contract) []string {
	prefix := "sc-" + c.id + "-"
	return []string{prefix + "api-token", prefix + "secret-key", prefix + "auth-key-id"}
}

// A function with as much about it as faasd and faas-netes show.
func function(c contract) map[string]any {
	return map[string]any{
		"service": "contract-" + c.id, "name": "contract-" + c.id, "image": image(c), "namespace": "openfaas-fn", "envProcess": "node index.js",
		"envVars": map[string]string{"STAGE": "dev", "SMART_CONTRACT_ID": c.id, "read_timeout": "60s", "write_timeout": "60s"},
		"labels":  map[string]string{"com.dragonchain.id": "bench", "com.openfaas.scale.min": "1", "com.openfaas.scale.max": "20"},
		"secrets": secrets(c), "limits": map[string]string{"cpu": "0.50", "memory": "600M"}, "requests": map[string]string{"cpu": "0.1", "memory": "600M"},
		"replicas": 1, "availableReplicas": 1, "invocationCount": 0, "createdAt": "2026-01-02T03:04:05Z",
	}
}

func serve(contracts []contract) {
	functions, names := []any{}, []any{}
	for _, c := range contracts {
		functions = append(functions, function(c))
		for _, name := range secrets(c) {
			names = append(names, map[string]string{"name": name, "namespace": "openfaas-fn"})
		}
	}
	list := func(value any) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			check(json.NewEncoder(w).Encode(value))
		}
	}
	http.HandleFunc("GET /system/functions", list(functions))
	http.HandleFunc("GET /system/secrets", list(names))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	fmt.Println("http://" + listener.Addr().String())
	check(http.Serve(listener, nil))
}

type connection struct {
	to   net.Conn
	from *bufio.Reader
}

func dial(variable string) connection {
	c, err := net.Dial("tcp", os.Getenv(variable))
	check(err)
	return connection{c, bufio.NewReader(c)}
}

func (c connection) send(words ...string) {
	var request strings.Builder
	fmt.Fprintf(&request, "*%d\r\n", len(words))
	for _, word := range words {
		fmt.Fprintf(&request, "$%d\r\n%s\r\n", len(word), word)
	}
	_, err := io.WriteString(c.to, request.String())
	check(err)
	answer, err := c.from.ReadString('\n')
	check(err)
	if strings.HasPrefix(answer, "-") {
		log.Fatal(words[0], ": ", answer)
	}
}

func digest(content []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(content)) }

func do(method, url, kind string, body []byte) *http.Response {
	request, err := http.NewRequest(method, url, bytes.NewReader(body))
	check(err)
	request.Header.Set("Content-Type", kind)
	response, err := http.DefaultClient.Do(request)
	check(err)
	_, err = io.Copy(io.Discard, response.Body)
	check(err)
	response.Body.Close()
	if response.StatusCode >= 300 {
		log.Fatal(method, " ", url, ": ", response.Status)
	}
	return response
}

func upload(registry string, content []byte) map[string]any {
	place := do("POST", registry+"blobs/uploads/", "", nil).Header.Get("Location")
	sign := "?"
	if strings.Contains(place, "?") {
		sign = "&"
	}
	do("PUT", place+sign+"digest="+digest(content), "application/octet-stream", content)
	return map[string]any{"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest(content), "size": len(content)}
}

func manifest(registry string, config map[string]any, tag string) string {
	content, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": mediaType, "config": config, "layers": []any{}, "annotations": map[string]string{"contract": tag},
	})
	check(err)
	do("PUT", registry+"manifests/"+tag, mediaType, content)
	return digest(content)
}
