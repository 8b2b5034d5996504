// Command tokenservice is the token server that a registry sends its clients to.
//
// It makes a P-256 key, writes its public half for the registry, as a JSON Web Key Set (distribution v3) or
// as a certificate of its own that each token then carries (docker-registry 2.8), listens on a free port of
// 127.0.0.1, prints "listening on 127.0.0.1:PORT", and answers GET /token as the registry's
// specification for token authentication says (https://distribution.github.io/distribution/spec/auth/token/).
// The one user may do what it asks for; without credentials only pulls from public/... are granted; wrong
// credentials are refused with 401. TOKEN_PASSWORD in the environment is the user's password.
//
//	tokenservice -jwks FILE | -certificate FILE -user NAME [-issuer I] [-service S] [-lifetime 5m]
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// access is one entry of the token's claim of that name.
type access struct {
	Type    string   `json:"type"`
	Name    string   `json:"name"`
	Actions []string `json:"actions"`
}

type service struct {
	key                               *ecdsa.PrivateKey
	keyID, user, password, issuer, id string
	lifetime                          time.Duration
	certificate                       []byte // DER; without one, tokens name the key by its id
}

func main() {
	log.SetFlags(log.Ltime | log.Lmicroseconds)
	jwks := flag.String("jwks", "", "file for the public key set")
	certificate := flag.String("certificate", "", "file for the key's certificate")
	user := flag.String("user", "", "the one user")
	issuer := flag.String("issuer", "contract-builder-parts", "the token's issuer")
	id := flag.String("service", "registry-v3", "the registry's service name, the token's audience")
	lifetime := flag.Duration("lifetime", 5*time.Minute, "how long a token is good")
	flag.Parse()
	password := os.Getenv("TOKEN_PASSWORD")
	if (*jwks == "") == (*certificate == "") || *user == "" || password == "" {
		log.Fatal("tokenservice: -jwks or -certificate, -user and TOKEN_PASSWORD are needed")
	}

	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	s := &service{key: key, user: *user, password: password, issuer: *issuer, id: *id, lifetime: *lifetime}
	if *jwks != "" {
		check(os.WriteFile(*jwks, s.keySet(), 0o644))
	} else {
		s.certificate = s.selfSigned()
		check(os.WriteFile(*certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.certificate}), 0o644))
	}

	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	check(err)
	fmt.Printf("listening on %s\n", listener.Addr())
	http.HandleFunc("GET /token", s.token)
	log.Fatal(http.Serve(listener, nil))
}

// keySet names the key by its RFC 7638 thumbprint, as the registry itself does for certificates' keys.
func (s *service) keySet() []byte {
	public, err := s.key.PublicKey.ECDH()
	check(err)
	point := public.Bytes() // 4, then x and y of 32 bytes each
	x, y := encode(point[1:33]), encode(point[33:])
	thumbprint := sha256.Sum256(fmt.Appendf(nil, `{"crv":"P-256","kty":"EC","x":%q,"y":%q}`, x, y))
	s.keyID = encode(thumbprint[:])
	set, err := json.Marshal(map[string]any{"keys": []map[string]string{{
		"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": s.keyID, "use": "sig", "alg": "ES256",
	}}})
	check(err)
	return set
}

func (s *service) selfSigned() []byte {
	now := time.Now()
	own := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: s.issuer},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 7),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, own, own, &s.key.PublicKey, s.key)
	check(err)
	return der
}

func (s *service) token(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	user, password, given := r.BasicAuth()
	status := http.StatusOK
	switch {
	case given && !(same(user, s.user) && same(password, s.password)):
		w.Header().Set("WWW-Authenticate", `Basic realm="tokens"`)
		status = http.StatusUnauthorized
	case query.Get("service") != s.id:
		status = http.StatusBadRequest
	}
	log.Printf("%s user=%q service=%q scope=%q %d", r.Method, user, query.Get("service"), query["scope"], status)
	if status != http.StatusOK {
		http.Error(w, `{"errors":[{"code":"UNAUTHORIZED","message":"`+http.StatusText(status)+`"}]}`, status)
		return
	}
	now := time.Now()
	token := s.sign(user, now, granted(query["scope"], given))
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"token": token, "access_token": token,
		"expires_in": int(s.lifetime.Seconds()), "issued_at": now.UTC().Format(time.RFC3339),
	})
}

// granted reads scopes as TYPE:NAME:ACTION,ACTION; several may share one parameter, set apart by spaces.
// A name may hold a colon (host:port/repository).
func granted(parameters []string, known bool) []access {
	all := []access{}
	for _, scope := range strings.Fields(strings.Join(parameters, " ")) {
		kind, rest, _ := strings.Cut(scope, ":")
		last := strings.LastIndex(rest, ":")
		if last < 0 {
			continue
		}
		name, actions := rest[:last], strings.Split(rest[last+1:], ",")
		if !known {
			if kind != "repository" || !strings.HasPrefix(name, "public/") || !slices.Contains(actions, "pull") {
				continue
			}
			actions = []string{"pull"}
		}
		all = append(all, access{Type: kind, Name: name, Actions: actions})
	}
	return all
}

func (s *service) sign(user string, now time.Time, accesses []access) string {
	fields := map[string]any{"typ": "JWT", "alg": "ES256"}
	if s.certificate == nil {
		fields["kid"] = s.keyID
	} else {
		fields["x5c"] = [][]byte{s.certificate} // base64, not of the URL's alphabet (RFC 7515, 4.1.6)
	}
	header, err := json.Marshal(fields)
	check(err)
	claims, err := json.Marshal(map[string]any{
		"iss": s.issuer, "sub": user, "aud": s.id, "jti": rand.Text(), "access": accesses,
		"iat": now.Unix(), "nbf": now.Unix() - 1, "exp": now.Add(s.lifetime).Unix(),
	})
	check(err)
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	r, z, err := ecdsa.Sign(rand.Reader, s.key, digest[:])
	check(err)
	// JWS wants both numbers at their full 32 bytes, not ASN.1 (RFC 7518, 3.4).
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	z.FillBytes(signature[32:])
	return signed + "." + encode(signature)
}

func encode(bytes []byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func check(err error) {
	if err != nil {
		log.Fatal("tokenservice: ", err)
	}
}
