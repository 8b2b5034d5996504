package main

import "io"

const (
	smallestChunk = 4 << 10
	largestChunk  = 1 << 20
)

// buffer holds a body in chunks. Unlike one growing slice it never copies what
// it holds, so a large body costs its own size and not two or three times it.
type buffer struct {
	chunks [][]byte
	size   int64
}

// space returns room for at least one byte at the end.
func (b *buffer) space() []byte {
	if n := len(b.chunks); n > 0 {
		last := b.chunks[n-1]
		if len(last) < cap(last) {
			return last[len(last):cap(last)]
		}
	}
	size := min(largestChunk, max(smallestChunk, int(b.size)))
	b.chunks = append(b.chunks, make([]byte, 0, size))
	return b.chunks[len(b.chunks)-1][:size]
}

func (b *buffer) grow(n int) {
	last := len(b.chunks) - 1
	b.chunks[last] = b.chunks[last][:len(b.chunks[last])+n]
	b.size += int64(n)
}

func (b *buffer) Write(data []byte) (int, error) {
	written := len(data)
	for len(data) > 0 {
		n := copy(b.space(), data)
		b.grow(n)
		data = data[n:]
	}
	return written, nil
}

// ReadFrom reads to the end of r.
func (b *buffer) ReadFrom(r io.Reader) (int64, error) {
	before := b.size
	for {
		n, err := r.Read(b.space())
		b.grow(n)
		if err == io.EOF {
			return b.size - before, nil
		}
		if err != nil {
			return b.size - before, err
		}
	}
}

// WriteTo writes everything and keeps it.
func (b *buffer) WriteTo(w io.Writer) (int64, error) {
	var written int64
	for _, chunk := range b.chunks {
		n, err := w.Write(chunk)
		written += int64(n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

// drainTo writes everything and gives up each chunk as soon as it is written.
func (b *buffer) drainTo(w io.Writer) error {
	for len(b.chunks) > 0 {
		if _, err := w.Write(b.chunks[0]); err != nil {
			return err
		}
		b.chunks[0] = nil
		b.chunks = b.chunks[1:]
	}
	return nil
}
