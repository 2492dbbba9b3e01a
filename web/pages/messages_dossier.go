package pages

// dossierMessages are those of page_dossier.go.
var dossierMessages = messages{}
