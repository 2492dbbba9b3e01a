package dossier

func english() sentences {
	return sentences{
		page: " (page {number})",
		rejected: map[Code]string{
			CodeEmpty:         "{name} is empty: nothing arrived from the scanner. Scan the paper again.",
			CodeUnknownFormat: "{name} is not a scan that can be read here. Save it as PDF, TIFF, JPEG or PNG and drop it again.",
			CodeTruncated:     "{name} is cut off{page}: its end never arrived. Scan the paper again, or copy the whole file once more.",
			CodeDamaged:       "{name} is damaged{page} and cannot be opened. Scan the paper again.",
			CodeEncrypted:     "{name} is locked with a password. Save it without a password and drop it again.",
			CodeTooManyPixels: "An image in {name} is too large{page}. Scan the paper again at 300 dpi.",
			CodeTooManyPages:  "{name} has too many pages. Split it into several files and drop each of them.",
			CodeTooLarge:      "{name} is too large a file. Scan the paper again at 300 dpi, or split it into several files.",
			CodeNoPages:       "{name} has no pages. Scan the paper again.",
			CodeNotAFile:      "{name} is a link or a device and not a file, so there is nothing to read. Drop the file itself.",
			CodeBadTicket: "{name} is a ticket that cannot be read, so its scans wait. Have the scanner's software write it again; " +
				"if that does not help, show this note to your administrator.",
			CodeWorkerCrashed: "{name} could not be read{page}: reading it broke off twice. Scan the paper again; " +
				"if that does not help, show this note to your administrator.",
			CodeWorkerTimedOut: "{name} could not be read{page}: it took too long. Scan the paper again at 300 dpi; " +
				"if that does not help, show this note to your administrator.",
			CodeWorkerOutOfMemory: "{name} could not be read{page}: it needs more memory than there is. Scan the paper again " +
				"at 300 dpi; if that does not help, show this note to your administrator.",
		},
		warned: map[string]string{
			WarnResolutionGuessed:    "The file does not say at which resolution it was scanned{page}; the paper size was estimated.",
			WarnReducedFor1b:         "The image was reduced to 8 bits a colour for PDF/A-1b{page}; the original is kept as it was.",
			WarnSignatureNotCarried:  "The digital signature is not carried over into the PDF/A{page}; it stands in the kept original.",
			WarnTruncated:            "The file is cut off{page}; what had arrived was kept. Compare it with the paper.",
			WarnDamaged:              "Part of the image is damaged{page}. Compare it with the paper and scan it again if something is missing.",
			WarnPagesMissing:         "Pages are missing that the file should have{page}. Compare it with the paper and scan again what is missing.",
			WarnWorkerCrashed:        "The text could not be read{page} because reading broke off; the picture of the page is complete.",
			WarnWorkerTimedOut:       "The text could not be read{page} because it took too long; the picture of the page is complete.",
			WarnWorkerOutOfMemory:    "The text could not be read{page} for want of memory; the picture of the page is complete.",
			WarnPlaceholder:          "The page could not be shown{page}: a sheet saying so takes its place. Scan this page again.",
			WarnLowConfidence:        "The text is hard to read{page}. Check it, and scan again if the picture is blurred or too pale.",
			WarnLanguageModelMissing: "The text was read without the model of its language{page}, so it may have mistakes. Tell your administrator.",
			WarnProfileDropped:       "The colour profile does not fit the image and was left out{page}; colours may look slightly different.",
			WarnFileRefused:          "A file that belongs here was refused{page}, so its pages are missing. Its note in _rejected says why; scan it again.",
			WarnResultUnlinked:       "The dossier of this result was not found{page}. Find it, and have the two joined.",
			WarnReceiptUnlinked:      "The dossier of this receipt was not found{page}. Find it, and have the two joined.",
			WarnPageGap:              "Page numbers leave a page out{page}. Look for the missing sheet and scan it.",
			WarnProceduresDiffer:     "Slip, scanner ticket and form title{page} name different procedures. Check which one the dossier belongs to.",
			WarnSidesUnpaired:        "There are not as many backs as fronts{page}, so the pages could not be put in turn. Check their order and count.",
			WarnCodeTaken:            "The papers name a dossier that their sender may not add to{page}, so they are one of their own. Find out where they belong.",
			WarnRescanUnplaced:       "The page that this new scan was to replace was not found{page}. Compare both and put the pages where they belong.",
		},
		verdicts: map[VerdictCode]string{
			VerdictPageGap:       "A page is missing before or after this one{page}: its paper's page numbers leave it out. Look for the sheet and scan it.",
			VerdictDoubleFeed:    "The scan is longer than the others{page}: two sheets may have been drawn in together. Part them and scan again.",
			VerdictCutOff:        "The print runs over the edge of the scan{page}. Lay the sheet straight and whole, and scan it again.",
			VerdictFoldedCorner:  "A corner is folded{page}. Unfold it and scan the sheet again.",
			VerdictBlurred:       "The scan is blurred{page}. Lay the sheet flat and still, and scan it again.",
			VerdictTooDark:       "The scan is too dark{page}. Make it brighter and scan again.",
			VerdictTooLight:      "The scan is too pale to be read well{page}. Make it darker and scan again.",
			VerdictLowResolution: "The letters are too small to be read well{page}. Set the scanner to 300 dpi and scan again.",
			VerdictSkewed:        "The sheet lay askew{page}. Lay it straight and scan it again.",
			VerdictDirtyGlass:    "The same streak runs through several pages{page}. Clean the scanner's glass.",
			VerdictUpsideDown:    "The sheet lay upside down or on its side{page}; it was turned upright. Nothing needs to be done.",
			VerdictBlank:         "The page is blank{page}. If something is written on it, turn the sheet over and scan it again.",
		},
	}
}
