package source

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/dossierd/dossierd/dossier"
)

// pdfRepairLargest bounds the files that are read whole: pdfcpu holds every stream in memory, and a second time while
// it decrypts them.
const pdfRepairLargest = 96 << 20

// errPDFDraw says that only a drawing worker may be able to open the file.
var errPDFDraw = errors.New("not to be read here")

// repairPDF reads what is encrypted or broken by pdfcpu, which decrypts and repairs. Encrypted says that pages are known
// to be: where only attachments are, pdfcpu wants a password that PDFium does without.
func repairPDF(data []byte, limits dossier.Limits, encrypted bool) (f *pdfFile, err error) {
	if len(data) > pdfRepairLargest {
		return nil, errPDFDraw
	}
	defer func() {
		if r := recover(); r != nil {
			f, err = nil, errPDFDraw
		}
	}()
	ctx, err := pdfcpu.Read(bytes.NewReader(data), pdfcpuConfig(limits))
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword) && encrypted:
		return nil, dossier.Reject(dossier.CodeEncrypted, "a password is needed")
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errPDFDraw, err)
	case ctx.Root == nil, encrypted && ctx.EncKey == nil: // it overlooks how the file is encrypted if no object says it
		return nil, errPDFDraw
	}
	f = &pdfFile{data: data, trailer: dict{"Root": reference{number: ctx.Root.ObjectNumber.Value()}}}
	f.load = func(number int) (any, error) {
		entry, ok := ctx.Table[number]
		if !ok || entry.Free {
			return nil, nil
		}
		v, err := ctx.Dereference(*types.NewIndirectRef(number, 0))
		if err != nil {
			return nil, err
		}
		return fromPDFCPU(v, 0)
	}
	return f, nil
}

// pdfcpuConfig is made here and not by pdfcpu, which would write one into the home directory.
func pdfcpuConfig(limits dossier.Limits) *model.Configuration {
	conf := &model.Configuration{
		Reader15: true, ValidationMode: model.ValidationRelaxed, Eol: types.EolLF, Offline: true,
		Limits: model.DefaultResourceLimits(),
	}
	conf.Limits.MaxStreamBytes = pdfRepairLargest
	conf.Limits.MaxDecodeBytes = pdfPackBytes
	conf.Limits.MaxImagePixels = limits.Pixels
	conf.Limits.MaxObjectCount = pdfObjects
	conf.Limits.MaxXRefEntries = pdfObjects
	conf.Limits.MaxRecursionDepth = pdfNesting
	return conf
}

// fromPDFCPU turns pdfcpu's objects into ours.
func fromPDFCPU(v types.Object, depth int) (any, error) {
	if depth > pdfNesting {
		return nil, errPDFSyntax
	}
	switch v := v.(type) {
	case types.Boolean:
		return bool(v), nil
	case types.Integer:
		return int(v), nil
	case types.Float:
		return float64(v), nil
	case types.Name:
		return name(v), nil
	case types.StringLiteral:
		b, err := types.Unescape(string(v))
		return string(b), err
	case types.HexLiteral:
		b, err := v.Bytes()
		return string(b), err
	case types.IndirectRef:
		return reference{v.ObjectNumber.Value(), v.GenerationNumber.Value()}, nil
	case types.Array:
		out := make(array, len(v))
		for i := range v {
			var err error
			if out[i], err = fromPDFCPU(v[i], depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case types.Dict:
		return dictFromPDFCPU(v, depth)
	case types.StreamDict:
		d, err := dictFromPDFCPU(v.Dict, depth)
		return &stream{dict: d, raw: v.Raw}, err
	case types.ObjectStreamDict, types.XRefStreamDict, nil:
		return nil, nil
	}
	return nil, fmt.Errorf("an object of type %T: %w", v, errPDFSyntax)
}

func dictFromPDFCPU(d types.Dict, depth int) (dict, error) {
	out := make(dict, len(d))
	for k, v := range d {
		o, err := fromPDFCPU(v, depth+1)
		if err != nil {
			return nil, err
		}
		out[name(k)] = o
	}
	return out, nil
}
