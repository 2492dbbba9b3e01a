package ocr

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatIsSentIsReceived(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		request := Request{
			Op: OpRead, Path: rapid.String().Draw(t, "path"), Page: rapid.IntRange(0, 1e6).Draw(t, "page"),
			Drawn: &Drawn{Width: rapid.IntRange(1, 40).Draw(t, "width"), Height: rapid.IntRange(1, 40).Draw(t, "height"), Channels: 3},
		}
		request.Path = strings.ToValidUTF8(request.Path, "?")
		raster := bytes.Repeat([]byte{7}, request.Drawn.Width*request.Drawn.Height*3)
		var pipe bytes.Buffer
		c := newWire(&pipe, &pipe)
		if err := c.send(request, raster); err != nil {
			t.Fatal(err)
		}
		var got Request
		if err := c.receive(&got); err != nil {
			t.Fatal(err)
		}
		blob, err := c.raster(got.Drawn)
		if err != nil {
			t.Fatal(err)
		}
		if got.Path != request.Path || got.Page != request.Page || !bytes.Equal(blob, raster) {
			t.Fatalf("got %+v", got)
		}
		if err := c.receive(&got); !errors.Is(err, io.EOF) {
			t.Fatalf("after the last frame: %v", err)
		}
	})
}

func TestABlobLargerThanTrustedArrivesWhole(t *testing.T) {
	var pipe bytes.Buffer
	c := newWire(&pipe, &pipe)
	want := bytes.Repeat([]byte("0123456789abcdef"), 3*trusted/16+1)
	if err := c.send(1, want); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := c.receive(&n); err != nil {
		t.Fatal(err)
	}
	got, err := c.blob(int64(len(want)))
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%d bytes of %d, %v", len(got), len(want), err)
	}
}

func frame(kind byte, length uint32, payload string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{kind}, length), payload...)
}

func jsonFrame(text string) []byte { return frame(frameJSON, uint32(len(text)), text) }

func TestWhatIsNoFrameIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"another kind":     {frame('x', 2, "{}"), errFrame},
		"a blob":           {frame(frameBlob, 2, "{}"), errFrame},
		"too much JSON":    {frame(frameJSON, maxJSON+1, "{}"), errFrame},
		"broken JSON":      {frame(frameJSON, 1, "{"), errFrame},
		"a header cut off": {frame(frameJSON, 2, "")[:3], io.ErrUnexpectedEOF},
		"a frame cut off":  {frame(frameJSON, 3, "{}"), io.ErrUnexpectedEOF},
		"no payload":       {frame(frameJSON, 3, ""), io.ErrUnexpectedEOF},
		"nothing":          {nil, io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			var v Request
			if err := newWire(bytes.NewReader(c.data), io.Discard).receive(&v); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestAnAnnouncedLengthCostsNoMemoryUntilBytesArrive(t *testing.T) {
	data := frame(frameBlob, maxFrame, "little")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := newWire(bytes.NewReader(data), io.Discard).blob(maxFrame); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	spent := after.TotalAlloc - before.TotalAlloc
	if spent > 2*trusted {
		t.Errorf("%d bytes allocated for a blob of 6", spent)
	}
}

func FuzzFrames(f *testing.F) {
	f.Add(frame(frameJSON, 2, "{}"))
	f.Add(append(jsonFrame(`{"op":"read","drawn":{"width":1,"height":1,"channels":1}}`), frame(frameBlob, 1, "x")...))
	f.Add(frame(frameJSON, 1<<31, ""))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := newWire(bytes.NewReader(data), io.Discard)
		for {
			var r Request
			if c.receive(&r) != nil {
				return
			}
			if r.Drawn == nil {
				continue
			}
			blob, err := c.raster(r.Drawn)
			if err != nil {
				return
			}
			if len(blob) != r.Drawn.Width*r.Drawn.Height*r.Drawn.Channels {
				t.Fatalf("a blob of %d bytes for %+v", len(blob), r.Drawn)
			}
		}
	})
}
