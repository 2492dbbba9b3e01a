package dossier

func french() sentences {
	return sentences{
		page: " (page {number})",
		rejected: map[Code]string{
			CodeEmpty: "{name} est vide : rien n'est arrivé du scanner. Numérisez de nouveau le document.",
			CodeUnknownFormat: "{name} n'est pas une numérisation lisible ici. Enregistrez-la en PDF, TIFF, JPEG ou PNG, " +
				"puis déposez-la de nouveau.",
			CodeTruncated: "{name} est incomplet{page} : la fin du fichier n'est jamais arrivée. Numérisez de nouveau le document " +
				"ou recopiez le fichier en entier.",
			CodeDamaged:       "{name} est endommagé{page} et ne peut pas être ouvert. Numérisez de nouveau le document.",
			CodeEncrypted:     "{name} est protégé par un mot de passe. Enregistrez-le sans mot de passe, puis déposez-le de nouveau.",
			CodeTooManyPixels: "{name} contient une image trop grande{page}. Numérisez de nouveau le document à 300 ppp.",
			CodeTooManyPages:  "{name} compte trop de pages. Divisez-le en plusieurs fichiers et déposez-les un par un.",
			CodeTooLarge: "{name} est trop volumineux. Numérisez de nouveau le document à 300 ppp ou divisez-le en " +
				"plusieurs fichiers.",
			CodeNoPages: "{name} ne contient aucune page. Numérisez de nouveau le document.",
			CodeNotAFile: "{name} est un lien ou un périphérique, pas un fichier : il n'y a rien à lire. " +
				"Déposez le fichier lui-même.",
			CodeBadTicket: "{name} est un ticket illisible et ses numérisations attendent. Faites-le réécrire par le logiciel du scanner ; " +
				"si cela ne suffit pas, montrez cette note à votre administrateur.",
			CodeWorkerCrashed: "{name} n'a pas pu être lu{page} : la lecture s'est interrompue deux fois. Numérisez de nouveau " +
				"le document ; si cela ne suffit pas, montrez cette note à votre administrateur.",
			CodeWorkerTimedOut: "{name} n'a pas pu être lu{page} : la lecture durait trop longtemps. Numérisez de nouveau le " +
				"document à 300 ppp ; si cela ne suffit pas, montrez cette note à votre administrateur.",
			CodeWorkerOutOfMemory: "{name} n'a pas pu être lu{page} : la lecture demande trop de mémoire. Numérisez de nouveau le " +
				"document à 300 ppp ; si cela ne suffit pas, montrez cette note à votre administrateur.",
		},
		warned: map[string]string{
			WarnResolutionGuessed: "Le fichier n'indique pas la résolution de numérisation{page} ; le format du papier a été estimé.",
			WarnReducedFor1b: "L'image a été ramenée à 8 bits par couleur pour le PDF/A-1b{page} ; l'original est conservé " +
				"tel quel.",
			WarnSignatureNotCarried: "La signature numérique n'est pas reprise dans le PDF/A{page} ; elle reste dans l'original conservé.",
			WarnTruncated:           "Le fichier est incomplet{page} ; ce qui était arrivé a été gardé. Comparez-le avec le papier.",
			WarnDamaged: "Une partie de l'image est endommagée{page}. Comparez-la avec le papier et numérisez de nouveau s'il " +
				"manque quelque chose.",
			WarnPagesMissing: "Il manque des pages que le fichier devrait contenir{page}. Comparez-le avec le papier et numérisez de " +
				"nouveau ce qui manque.",
			WarnWorkerCrashed:     "Le texte n'a pas pu être lu{page}, la lecture s'étant interrompue ; l'image de la page est complète.",
			WarnWorkerTimedOut:    "Le texte n'a pas pu être lu{page}, la lecture durant trop longtemps ; l'image de la page est complète.",
			WarnWorkerOutOfMemory: "Le texte n'a pas pu être lu{page}, faute de mémoire ; l'image de la page est complète.",
			WarnPlaceholder: "La page n'a pas pu être affichée{page} : une feuille qui le signale la remplace. Numérisez " +
				"de nouveau cette page.",
			WarnLowConfidence: "Le texte est difficile à lire{page}. Vérifiez-le, et numérisez de nouveau si l'image est floue " +
				"ou trop pâle.",
			WarnLanguageModelMissing: "Le texte a été lu sans le modèle de sa langue{page} et peut contenir des fautes. Prévenez votre " +
				"administrateur.",
			WarnProfileDropped: "Le profil de couleurs ne convient pas à l'image et a été retiré{page} ; les couleurs peuvent " +
				"différer légèrement.",
			WarnFileRefused:      "Un fichier de ce lot a été refusé{page} et ses pages manquent. La note dans _rejected dit pourquoi ; numérisez-le de nouveau.",
			WarnResultUnlinked:   "Le dossier de ce résultat n'a pas été trouvé{page}. Cherchez-le et faites réunir les deux.",
			WarnReceiptUnlinked:  "Le dossier de ce reçu n'a pas été trouvé{page}. Cherchez-le et faites réunir les deux.",
			WarnPageGap:          "La numérotation saute une page{page}. Cherchez la feuille manquante et numérisez-la.",
			WarnProceduresDiffer: "Le bordereau, le ticket du scanner et le titre du formulaire{page} nomment des démarches différentes. Vérifiez de laquelle il s'agit.",
			WarnSidesUnpaired:    "Il n'y a pas autant de versos que de rectos{page} : les pages n'ont pas pu être alternées. Vérifiez leur ordre et leur nombre.",
			WarnCodeTaken:        "Ces pièces nomment un dossier que leur expéditeur ne peut pas compléter{page} ; elles en forment un à part. Vérifiez à quel dossier elles appartiennent.",
			WarnRescanUnplaced:   "La page que cette nouvelle numérisation devait remplacer est introuvable{page}. Comparez et mettez les pages à leur place.",
		},
		verdicts: map[VerdictCode]string{
			VerdictPageGap: "Il manque une page avant ou après celle-ci{page} : la numérotation du document la saute. Cherchez la feuille et numérisez-la.",
			VerdictDoubleFeed: "L'image est plus longue que les autres{page} : deux feuilles ont pu passer ensemble. Séparez-les et numérisez de " +
				"nouveau.",
			VerdictCutOff:        "Le texte dépasse du bord de l'image{page}. Posez la feuille droite et entière, puis numérisez-la de nouveau.",
			VerdictFoldedCorner:  "Un coin est plié{page}. Dépliez-le et numérisez de nouveau la feuille.",
			VerdictBlurred:       "L'image est floue{page}. Posez la feuille bien à plat, sans bouger, et numérisez-la de nouveau.",
			VerdictTooDark:       "L'image est trop sombre{page}. Éclaircissez le réglage et numérisez de nouveau.",
			VerdictTooLight:      "L'image est trop pâle pour être bien lue{page}. Foncez le réglage et numérisez de nouveau.",
			VerdictLowResolution: "Les lettres sont trop petites pour être bien lues{page}. Réglez le scanner sur 300 ppp et numérisez de nouveau.",
			VerdictSkewed:        "La feuille était de travers{page}. Posez-la droite et numérisez-la de nouveau.",
			VerdictDirtyGlass:    "La même rayure traverse plusieurs pages{page}. Nettoyez la vitre du scanner.",
			VerdictUpsideDown:    "La feuille était à l'envers ou couchée{page} ; elle a été redressée. Il n'y a rien à faire.",
			VerdictBlank:         "La page est vide{page}. Si quelque chose y est écrit, retournez la feuille et numérisez-la de nouveau.",
		},
	}
}
