// Command mkimage writes container images as folders in the OCI image layout, the same bytes each time.
//
//	mkimage image [-docker] [-archive FILE -name NAME] LAYOUT TAG CONFIG LAYER...
//	    adds an image. CONFIG is an image configuration in JSON without its rootfs and history. A LAYER is
//	    a tar file, or a folder: sorted, owned by root, times 0.
//	    -docker uses Docker's media types (schema 2); -archive also writes what `docker save` would.
//	mkimage index LAYOUT TAG IMAGE-TAG...
//	    joins images to one for several platforms, each with an attestation as BuildKit adds them; the
//	    images' own tags go away.
//	mkimage difference UPPER LOWER OUT
//	    writes the tar file of what UPPER has on top of LOWER, white-outs included.
package main

import (
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("mkimage: ")
	if len(os.Args) < 2 {
		log.Fatal("usage: mkimage image|index|difference …")
	}
	command, arguments := os.Args[1], os.Args[2:]
	switch command {
	case "image":
		image(arguments)
	case "index":
		index(arguments)
	case "difference":
		if len(arguments) != 3 {
			log.Fatal("usage: mkimage difference UPPER LOWER OUT")
		}
		difference(arguments[0], arguments[1], arguments[2])
	default:
		log.Fatalf("no command %q", command)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
