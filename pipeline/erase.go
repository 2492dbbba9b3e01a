package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// erasedAtOnce is how many keys are destroyed before that is recorded.
const erasedAtOnce = 100

// erase destroys what an erasure takes, and completes its tombstone.
func (p *Pipeline) erase(ctx context.Context, tombstone string) error {
	fault("erase.decided")
	for {
		keys, err := p.catalog.ToDestroy(ctx, tombstone, erasedAtOnce)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			break
		}
		for _, key := range keys {
			if err := p.destroy(ctx, tombstone, key); err != nil {
				return fmt.Errorf("destroy %s: %w", key, err)
			}
			fault("erase.deleted")
		}
		if err := p.catalog.Destroyed(ctx, tombstone, keys); err != nil {
			return err
		}
	}
	if err := p.catalog.ErasureDone(ctx, tombstone); err != nil {
		return err
	}
	p.log.Info("dossier destroyed", "decision", tombstone)
	return nil
}

// destroy removes what lies under a key of an erasure. The files of a version are written down first, with their hashes, and are
// destroyed one by one.
func (p *Pipeline) destroy(ctx context.Context, tombstone, key string) error {
	prefix := strings.HasSuffix(key, "/")
	switch {
	case prefix && strings.HasPrefix(key, "dossiers/"):
		return p.unfold(ctx, tombstone, key)
	case prefix:
		if id, err := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(key, "pages/"), "/")); err == nil {
			p.images.forget(id)
		}
		objects, err := p.below(ctx, key)
		for i := 0; err == nil && i < len(objects); i++ {
			err = p.store.Delete(ctx, objects[i])
		}
		return err
	}
	if err := p.store.Delete(ctx, key); err != nil {
		return err
	}
	if sha := key[strings.LastIndexByte(key, '/')+1:]; storage.OriginalKey(sha) == key {
		p.originals.forget(sha)
	}
	return nil
}

func (p *Pipeline) unfold(ctx context.Context, tombstone, prefix string) error {
	keys, err := p.below(ctx, prefix)
	if err != nil {
		return err
	}
	objects := make([]dossier.Object, 0, len(keys))
	for _, key := range keys {
		info, err := p.store.Stat(ctx, key)
		if err != nil {
			return err
		}
		objects = append(objects, dossier.Object{Key: key, SHA256: info.SHA256, Bytes: info.Bytes})
	}
	return p.catalog.Unfold(ctx, tombstone, prefix, objects)
}

// below lists the keys that begin with a prefix.
func (p *Pipeline) below(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	err := p.store.List(ctx, prefix, func(i storage.Info) bool {
		keys = append(keys, i.Key)
		return true
	})
	return keys, err
}

// errErasing says that bytes can't be taken in just now.
var errErasing = errors.New("the same bytes are just being erased with another dossier")

// KeepAgain is for a claim that is recorded, though Take may have failed or never returned: an erasure may have destroyed its bytes.
// The error is as Take's.
func (p *Pipeline) KeepAgain(ctx context.Context, c dossier.Claim) error {
	d, err := p.catalog.Deposit(ctx, c.DepositID)
	if err == nil {
		err = p.outlast(ctx, c, d)
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", c.DepositID, err)
	}
	if d.State == dossier.StateReceived {
		p.looks.ask(d) // Take came no further
	}
	return nil
}

// outlast sees to it that the original of a deposit that is recorded is there, though an erasure may have destroyed it after it
// was found to be stored already. The deposit being recorded, none destroys it from now on.
func (p *Pipeline) outlast(ctx context.Context, c dossier.Claim, d dossier.Deposit) error {
	if d.SHA256 == "" {
		return nil
	}
	switch disposition, err := p.catalog.OriginalDisposition(ctx, d.ID, d.SHA256); {
	case err != nil:
		return err
	case disposition == "":
		return nil
	case disposition == catalog.DispositionPending:
		return errErasing
	}
	err := p.keep(ctx, c, &d)
	p.noteStorage(err)
	return err
}

// forget removes the local copy of an original, unless a worker has it open: then it goes with those that are used no more.
func (o *originals) forget(sha string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e := o.entries[sha]
	if e == nil || e.refs > 0 {
		return
	}
	_ = os.Remove(e.path) // the folder is emptied at the next start anyway
	delete(o.entries, sha)
	o.idle = slices.DeleteFunc(o.idle, func(idle string) bool { return idle == sha })
}
