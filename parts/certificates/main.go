// Command certificates writes into a folder a private authority (ca.pem), a server certificate of it for
// 127.0.0.1 and localhost (server.pem, server.key) and a client's (client.pem, client.key). The authority's
// key is not kept.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("certificates: ")
	if len(os.Args) != 2 {
		log.Fatal("usage: certificates FOLDER")
	}
	folder, now := os.Args[1], time.Now()

	authorityKey, serverKey, clientKey := newKey(), newKey(), newKey()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()),
		Subject:      pkix.Name{CommonName: "Contract Builder test authority"},
		NotBefore:    now.Add(-time.Hour), NotAfter: now.AddDate(0, 0, 7),
		IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano() + 1),
		Subject:      pkix.Name{CommonName: "localhost"},
		NotBefore:    authority.NotBefore, NotAfter: authority.NotAfter,
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	client := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano() + 2),
		Subject:      pkix.Name{CommonName: "client"},
		NotBefore:    authority.NotBefore, NotAfter: authority.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	write(folder, "ca.pem", "CERTIFICATE", sign(authority, authority, &authorityKey.PublicKey, authorityKey), 0o644)
	write(folder, "server.pem", "CERTIFICATE", sign(server, authority, &serverKey.PublicKey, authorityKey), 0o644)
	write(folder, "server.key", "PRIVATE KEY", encoded(serverKey), 0o600)
	write(folder, "client.pem", "CERTIFICATE", sign(client, authority, &clientKey.PublicKey, authorityKey), 0o644)
	write(folder, "client.key", "PRIVATE KEY", encoded(clientKey), 0o600)
}

func encoded(key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return der
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	return key
}

func sign(what, by *x509.Certificate, key *ecdsa.PublicKey, with *ecdsa.PrivateKey) []byte {
	der, err := x509.CreateCertificate(rand.Reader, what, by, key, with)
	check(err)
	return der
}

func write(folder, name, kind string, der []byte, mode os.FileMode) {
	check(os.WriteFile(filepath.Join(folder, name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
