// Command tessera-read reads a mirror as any client of C2SP tlog-tiles would, by the client of
// github.com/transparency-dev/tessera: checkpoint, every entry, and the hash tiles. It trusts nothing but the key given.
package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/note"
)

func main() {
	mirror := flag.String("url", "", "URL of the mirror, up to the hash of its origin")
	origin := flag.String("origin", "", "origin of the log")
	vkey := flag.String("vkey", "", "verifier key of the log (Ed25519)")
	spki := flag.String("spki", "", "PEM file with the log's ECDSA key, as of Rekor v1, instead of -vkey")
	name := flag.String("name", "", "name on the signature line, with -spki")
	flag.Parse()
	if err := read(context.Background(), *mirror, *origin, *vkey, *spki, *name); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(ctx context.Context, mirror, origin, vkey, spki, name string) error {
	verifier, err := readVerifier(vkey, spki, name)
	if err != nil {
		return err
	}
	root, err := url.Parse(mirror)
	if err != nil {
		return err
	}
	fetcher, err := client.NewHTTPFetcher(root, nil)
	if err != nil {
		return err
	}
	checkpoint, _, _, err := client.FetchCheckpoint(ctx, fetcher.ReadCheckpoint, verifier, origin)
	if err != nil {
		return err
	}
	leaves, err := hashEntries(ctx, fetcher, checkpoint.Size)
	if err != nil {
		return err
	}
	fromEntries, err := rootOf(leaves)
	if err != nil {
		return err
	}
	if !bytes.Equal(fromEntries, checkpoint.Hash) {
		return fmt.Errorf("the entries give the root %x, and %x was signed", fromEntries, checkpoint.Hash)
	}
	if err := checkTiles(ctx, fetcher, checkpoint.Size, checkpoint.Hash, leaves); err != nil {
		return err
	}
	fmt.Printf("%d %x ok\n", checkpoint.Size, checkpoint.Hash)
	return nil
}

// hashEntries streams every entry, several bundles at once, and returns the leaf hashes.
func hashEntries(ctx context.Context, fetcher *client.HTTPFetcher, size uint64) ([][]byte, error) {
	getSize := func(context.Context) (uint64, error) { return size, nil }
	bundles := client.EntryBundles(ctx, 8, getSize, fetcher.ReadEntryBundle, 0, size)
	leaves := make([][]byte, 0, size)
	for entry, err := range client.Entries(bundles, unbundle) {
		if err != nil {
			return nil, err
		}
		if entry.Index != uint64(len(leaves)) {
			return nil, fmt.Errorf("entry %d came where %d should", entry.Index, len(leaves))
		}
		leaves = append(leaves, rfc6962.DefaultHasher.HashLeaf(entry.Entry))
	}
	if uint64(len(leaves)) != size {
		return nil, fmt.Errorf("%d entries came of %d", len(leaves), size)
	}
	return leaves, nil
}

func unbundle(raw []byte) ([][]byte, error) {
	bundle := api.EntryBundle{}
	if err := bundle.UnmarshalText(raw); err != nil {
		return nil, err
	}
	return bundle.Entries, nil
}

func rootOf(leaves [][]byte) ([]byte, error) {
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	tree := factory.NewEmptyRange(0)
	for _, leaf := range leaves {
		if err := tree.Append(leaf, nil); err != nil {
			return nil, err
		}
	}
	return tree.GetRootHash(nil)
}

// checkTiles reads every hash tile of the lowest level, and proves entries and growth from the tiles alone.
func checkTiles(ctx context.Context, fetcher *client.HTTPFetcher, size uint64, root []byte, leaves [][]byte) error {
	fromTiles, err := client.FetchLeafHashes(ctx, fetcher.ReadTile, 0, size, size)
	if err != nil {
		return err
	}
	for i, leaf := range fromTiles {
		if !bytes.Equal(leaf, leaves[i]) {
			return fmt.Errorf("the tiles have another hash of entry %d", i)
		}
	}
	builder, err := client.NewProofBuilder(ctx, size, fetcher.ReadTile)
	if err != nil {
		return err
	}
	for index := uint64(0); index < size; index += 1 + size/50 {
		inclusion, err := builder.InclusionProof(ctx, index)
		if err != nil {
			return err
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, index, size, leaves[index], inclusion, root); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
		if index == 0 {
			continue
		}
		before, err := rootOf(leaves[:index])
		if err != nil {
			return err
		}
		growth, err := builder.ConsistencyProof(ctx, index, size)
		if err != nil {
			return err
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, index, size, growth, before, root); err != nil {
			return fmt.Errorf("growth from %d: %w", index, err)
		}
	}
	return nil
}

func readVerifier(vkey, spki, name string) (note.Verifier, error) {
	if vkey != "" {
		return note.NewVerifier(vkey)
	}
	file, err := os.ReadFile(spki)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(file)
	if block == nil {
		return nil, errors.New("no PEM in the file of the key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	public, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return nil, errors.New("no ECDSA key")
	}
	return &ecdsaVerifier{name: name, spki: block.Bytes, key: public}, nil
}

// ecdsaVerifier verifies notes as Rekor v1 signs them: the key id is the beginning of SHA-256(SPKI), and the name on the
// signature line need not be the origin.
type ecdsaVerifier struct {
	name string
	spki []byte
	key  *ecdsa.PublicKey
}

func (v *ecdsaVerifier) Name() string { return v.name }

func (v *ecdsaVerifier) KeyHash() uint32 {
	hash := sha256.Sum256(v.spki)
	return binary.BigEndian.Uint32(hash[:4])
}

func (v *ecdsaVerifier) Verify(message, signature []byte) bool {
	hash := sha256.Sum256(message)
	return ecdsa.VerifyASN1(v.key, hash[:], signature)
}
